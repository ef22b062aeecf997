import { COST_PROFILES } from '../../cost/profiles/profiles.js';
import { inputError } from '../../errors.js';
import { judgeResults, tallyOf } from '../../experiment/published/judged-results.js';
import type { Interval } from '../../experiment/published/published-result.js';
import { PUBLISHED_RESULTS } from '../../experiment/published/results.js';
import { SWEEP_PRESETS } from '../../experiment/sweep/presets.js';
import { knownHint } from '../../nearest.js';
import { parametersOf } from '../../nic/nic-profile.js';
import { NET_STACK } from '../../nic/profiles/net-stack.js';
import { NIC_PROFILES } from '../../nic/profiles/profiles.js';
import { REVISIONS } from '../../path/revisions/revisions.js';
import { textTable } from '../../report/text-table.js';
import { wrap } from '../../report/wrap.js';
import { documentText } from '../../result/provenance.js';
import { ARMS } from '../../scenario/arms.js';
import { significant } from '../../units.js';
import { SCHEMA_TITLES, type SchemaName, schemaPath } from '../schema-files.js';
import { processTerminal } from '../terminal.js';

/** One list: its rows as data, and which of their fields are columns. */
interface Listing {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number | boolean>>[];
  /** What stands below the table. */
  readonly note?: string;
}

const CLAIM = {
  preset: 'claim',
  id: 'C1',
  published: '220 MB/s; 750..1020 MB/s',
  role: 'calibrated predicted',
  source: 'thread of the 2017 patch, word for word in its v9 of 2013-08-28',
};

/** An interval, or its one value. */
function intervalText({ low, high }: Interval): string {
  const [from, to] = [significant(low), significant(high)];
  return from === to ? from : `${from}..${to}`;
}

const LISTINGS: Readonly<Record<string, () => Listing>> = {
  presets: () => ({
    columns: ['preset', 'id', 'published', 'role', 'source'],
    rows: [
      CLAIM,
      ...PUBLISHED_RESULTS.map(({ id, name, figures, source }) => ({
        preset: name,
        id,
        published: figures.map(({ published, unit }) => `${intervalText(published)} ${unit}`).join('; '),
        role: [...new Set(figures.map(({ role }) => role))].join(' '),
        source,
      })),
    ],
  }),
  published: () => {
    const rows = judgeResults(PUBLISHED_RESULTS);
    const { evidence, inside, missed, notCounted } = tallyOf(rows);
    return {
      columns: ['id', 'figure', 'role', 'published', 'modelled', 'unit', 'verdict'],
      rows: rows.map((row) => ({
        ...row,
        published: intervalText({ low: row.publishedLow, high: row.publishedHigh }),
        modelled: intervalText({ low: row.modelLow, high: row.modelHigh }),
        verdict: row.verdict === 'missed' ? `missed ${row.missedBy.toFixed(2)}x` : row.verdict,
      })),
      note:
        `Of ${evidence} figures that are evidence (predicted, limit) ${inside} are inside the modelled interval, ${missed} missed. ` +
        `${notCounted} the model was told (input, calibrated): they count for nothing. The claim itself: tcebench run.`,
    };
  },
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

/** The names of all lists. */
export function listNames(): readonly string[] {
  return Object.keys(LISTINGS);
}

/** Prints one list, or the names of all lists. */
export function listCommand(what: string | undefined, flags: { readonly json?: boolean }): void {
  const terminal = processTerminal({ color: true, progress: false });
  const names = listNames();
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
  if (listing.note !== undefined) terminal.out(`\n${wrap(listing.note)}\n`);
}
