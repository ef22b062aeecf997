import { COST_PROFILES } from '../../cost/profiles/profiles.js';
import { inputError } from '../../errors.js';
import { ARMS } from '../../experiment/arms.js';
import { PRESETS } from '../../experiment/load-scenario.js';
import { SWEEP_PRESETS } from '../../experiment/sweep/presets.js';
import { knownHint } from '../../nearest.js';
import { parametersOf } from '../../nic/nic-profile.js';
import { NET_STACK } from '../../nic/profiles/net-stack.js';
import { NIC_PROFILES } from '../../nic/profiles/profiles.js';
import { REVISIONS } from '../../path/revisions/revisions.js';
import { textTable } from '../../report/text-table.js';
import { documentText } from '../../result/provenance.js';
import { significant } from '../../units.js';
import { SCHEMA_TITLES, type SchemaName, schemaPath } from '../schema-files.js';
import { processTerminal } from '../terminal.js';

/** One list: its rows as data, and which of their fields are columns. */
interface Listing {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number | boolean>>[];
}

const LISTINGS: Readonly<Record<string, () => Listing>> = {
  presets: () => ({ columns: ['preset'], rows: [...PRESETS.keys()].map((preset) => ({ preset })) }),
  sweeps: () => ({
    columns: ['sweep', 'title', 'varies'],
    rows: SWEEP_PRESETS.map(({ id, title, vary }) => ({ sweep: id, title, varies: vary.join(' ') })),
  }),
  arms: () => ({
    columns: ['arm', 'path', 'multiTce'],
    rows: ARMS.map(({ id, path, multiTce }) => ({ arm: id, path, multiTce })),
  }),
  revisions: () => ({
    columns: ['revision', 'evidence', 'realMode', 'title', 'review'],
    rows: REVISIONS.map(({ id, evidence, real, title, review }) => ({
      revision: id,
      evidence,
      realMode: real !== null,
      title,
      review,
    })),
  }),
  costs: () => ({
    columns: ['profile', 'constant', 'value', 'low', 'high', 'unit', 'origin', 'source'],
    rows: COST_PROFILES.flatMap((profile) =>
      Object.entries(profile.constants).map(([constant, { value, low, high, unit, origin, source }]) => ({
        profile: profile.id,
        constant,
        value: significant(value),
        low: significant(low),
        high: significant(high),
        unit,
        origin,
        source,
      })),
    ),
  }),
  nics: () => ({
    columns: ['nic', 'receive', 'transmit', 'offloads', 'title'],
    rows: NIC_PROFILES.map(({ id, receive, transmit, offloads, title }) => ({
      nic: id,
      receive: receive.mechanism,
      transmit: transmit.mechanism,
      offloads: offloads.join(' '),
      title,
    })),
  }),
  schemas: () => ({
    columns: ['schema', 'path', 'title'],
    rows: Object.entries(SCHEMA_TITLES).map(([schema, title]) => ({
      schema,
      path: schemaPath(schema as SchemaName),
      title,
    })),
  }),
  profiles: () => ({
    columns: ['profile', 'parameter', 'value', 'unit', 'origin', 'source'],
    rows: [
      ...NIC_PROFILES.flatMap((nic) =>
        [...parametersOf(nic)].map(([parameter, fields]) => ({ profile: nic.id, parameter, ...fields })),
      ),
      ...Object.entries(NET_STACK).map(([parameter, fields]) => ({
        profile: 'every card',
        parameter,
        ...fields,
      })),
    ],
  }),
};

/** Prints one list, or the names of all lists. */
export function listCommand(what: string | undefined, flags: { readonly json?: boolean }): void {
  const terminal = processTerminal({ color: true, progress: false });
  const names = Object.keys(LISTINGS);
  if (what === undefined) {
    terminal.out(flags.json === true ? documentText({ lists: names }) : `${names.join('\n')}\n`);
    return;
  }
  const listing = Object.hasOwn(LISTINGS, what) ? LISTINGS[what]?.() : undefined;
  if (listing === undefined) throw inputError(`there is no list of ${what}`, knownHint(what, names));
  if (flags.json === true) {
    terminal.out(documentText({ [what]: listing.rows }));
    return;
  }
  const columns = listing.columns.map((title) => ({ title, align: 'left' as const }));
  const rows = listing.rows.map((row) => listing.columns.map((column) => String(row[column] ?? '')));
  terminal.out(textTable(columns, rows));
}
