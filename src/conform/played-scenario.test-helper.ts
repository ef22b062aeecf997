import type { Revision } from '../path/revisions/revision.js';
import { findRevision, REVISIONS } from '../path/revisions/revisions.js';
import type { ScenarioDump } from './scenario-dump.js';
import type { JsonObject } from './scenario-fields.js';
import { readScenario } from './scenario-format.js';
import { type OperationResult, ScenarioRunner } from './scenario-runner.js';

export const UA = '0x200000000000';
export const LIOBN = '0x80000001';
/** Entries of a table: the least that is a whole host page of 4 KiB. */
const WINDOW = { pageShift: 12, offset: '0x0', size: '0x200' };

/** A virtual machine with 16 MiB registered and 16 MiB that are not, and `groups` groups on the table `t`. */
export function machineOps(groups = 1): readonly JsonObject[] {
  const ids = Array.from({ length: groups }, (_, group) => group);
  return [
    { op: 'memslot', gpa: '0x0', ua: UA, size: '0x2000000' },
    { op: 'container', container: 0, tables: [{ table: 't', ...WINDOW }] },
    { op: 'register', container: 0, ua: UA, size: '0x1000000' },
    { op: 'createTable', liobn: LIOBN, ...WINDOW },
    ...ids.flatMap((group) => [
      { op: 'group', group, container: 0 },
      { op: 'groupAdd', group },
      { op: 'setSpaprTce', group, liobn: LIOBN },
    ]),
  ];
}

const hcall = (name: string, ioba: string, fields: JsonObject): JsonObject => {
  return { op: 'hcall', name, mode: 'auto', liobn: LIOBN, ioba, ...fields };
};

export const put = (ioba: string, tce: string, more: JsonObject = {}) =>
  hcall('H_PUT_TCE', ioba, { tce, ...more });
export const stuff = (ioba: string, tceValue: string, npages: string, more: JsonObject = {}) =>
  hcall('H_STUFF_TCE', ioba, { tceValue, npages, ...more });
export const indirect = (ioba: string, tceList: string, npages: string, more: JsonObject = {}) =>
  hcall('H_PUT_TCE_INDIRECT', ioba, { tceList, npages, ...more });

/** What user space does after an exit, for a page at a guest address. */
export const userMap = (iova: string, gpa: number): JsonObject => ({
  op: 'vfioMap',
  container: 0,
  iova,
  ua: `0x${(0x2000_0000_0000 + gpa).toString(16)}`,
  size: '0x1000',
  read: true,
  write: true,
});

/** A scenario that goes on from what it gave so far. */
export class PlayedScenario {
  readonly #runner: ScenarioRunner;

  constructor(
    revision: Revision | string,
    ops: readonly JsonObject[] = machineOps(),
    config: JsonObject = {},
  ) {
    const found = typeof revision === 'string' ? findRevision(revision) : revision;
    if (found === undefined) throw new Error(`no revision ${revision}`);
    const first = { op: 'config', format: 1, kernel: found.scenarioKernel, hostPageShift: 12, ...config };
    const [line] = readScenario(JSON.stringify(first), 'played').lines;
    if (line?.operation.op !== 'config') throw new Error('no config');
    this.#runner = new ScenarioRunner(line.operation, found, { arenaBytes: 2 ** 27 });
    for (const op of ops) this.play(op);
  }

  /** Executes an operation as the format writes it. */
  play(op: JsonObject): OperationResult {
    const [line] = readScenario(JSON.stringify(op), 'played').lines;
    if (line === undefined) throw new Error('no operation');
    return this.#runner.run(line.operation);
  }

  /** The code of a hypercall and the rung that gave it, in one text; other operations: what they returned. */
  outcome(op: JsonObject): string {
    const result: JsonObject = { ...this.play(op) };
    return ['hostFault', 'ret', 'handledBy', 'value']
      .filter((key) => key in result)
      .map((key) => `${result[key]}`)
      .join(' ');
  }

  dump(): ScenarioDump {
    const dump = this.play({ op: 'dump' });
    if (!('regions' in dump)) throw new Error('no dump');
    return dump;
  }

  /** Mapped count of each region. */
  get mapped(): readonly number[] {
    return this.dump().regions.map(({ mapped }) => mapped);
  }

  /** Entries that are not zero: of the guest view, and of the first hardware table, its addresses as guest's. */
  get entries() {
    const { liobns, tables } = this.dump();
    const guestWord = (word: string) => {
      const value = BigInt(word);
      return `0x${(((value & ~3n) ^ 0x300a_5500_0000n) - BigInt(UA) + (value & 3n)).toString(16)}`;
    };
    return {
      view: Object.fromEntries(liobns[0]?.entries ?? []),
      hw: Object.fromEntries((tables[0]?.hw ?? []).map(([index, word]) => [index, guestWord(word)])),
    };
  }
}

/** Every revision but some. */
export const allBut = (...ids: readonly string[]) =>
  REVISIONS.map(({ id }) => id).filter((id) => !ids.includes(id));
