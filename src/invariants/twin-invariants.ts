import { isDeepStrictEqual } from 'node:util';
import type { Word } from '../conform/scenario-fields.js';
import type { ScenarioOperation } from '../conform/scenario-operation.js';
import type { Revision } from '../path/revisions/revision.js';
import { V3 } from '../path/revisions/v3.js';
import { codeOf } from './code-invariants.js';
import type { InvariantScenario, TwinInvariant } from './invariant.js';
import { firstDifference } from './machine-state.js';
import { Observer, observe, type Step } from './observer.js';
import { hasFailed, type Swap } from './recording-table.js';
import { givesPermission, hasWordWithoutPermission } from './request.js';

const LIOBN: Word = { hi: 0, lo: 0x8000_0001 | 0 };

/** I15, I27 and I28: what is seen only by running a scenario twice. */
export const TWIN_INVARIANTS: readonly TwinInvariant[] = [
  {
    id: 'I15',
    statement: 'Sharing one descriptor among groups changes no code and no state, whatever the scenario.',
    compare: (scenario, revision) => firstParting(scenario, revision, () => true),
  },
  {
    id: 'I15r',
    statement:
      'I15 without words without permission in lists and without pages out of the reach of real mode.',
    compare: (scenario, revision) =>
      firstParting(
        scenario,
        revision,
        ({ request, isPageOutOfReach }) =>
          !isPageOutOfReach && (request === null || !hasWordWithoutPermission(request)),
      ),
  },
  {
    id: 'I27',
    statement: 'A list whose words stand in the other byte order makes other mappings.',
    compare: compareByteOrders,
  },
  {
    id: 'I28',
    statement: 'A code depends on state and request only, not on reads and empty calls before it.',
    compare: compareWithReads,
  },
];

/** Runs v3 beside the revision up to the first step that is not `comparable`. */
function firstParting(
  { config, operations }: InvariantScenario,
  revision: Revision,
  comparable: (step: Step) => boolean,
): string | null {
  const plain = new Observer(config, V3);
  const shared = new Observer(config, revision);
  for (const operation of operations) {
    if (!plain.accepts(operation) || !shared.accepts(operation)) continue;
    const a = plain.step(operation);
    const b = shared.step(operation);
    if (!comparable(a)) return null;
    if (codeOf(a) !== codeOf(b)) return `v3 gives ${codeOf(a)}, ${revision.id} ${codeOf(b)}`;
    const difference = firstDifference(a.after, b.after);
    if (difference !== null) return `v3 and ${revision.id} part in ${difference}`;
  }
  return null;
}

function compareByteOrders({ config, operations }: InvariantScenario, revision: Revision): string | null {
  const big = new Observer(config, revision);
  const little = new Observer(config, revision);
  for (const operation of operations) {
    const other =
      operation.op === 'writeGuest' ? { ...operation, words: operation.words.map(reversed) } : operation;
    if (!big.accepts(operation) || !little.accepts(other)) continue;
    const a = big.step(operation);
    const b = little.step(other);
    const isList = a.request?.hcall.name === 'H_PUT_TCE_INDIRECT';
    if (isList && a.swaps.some(storesPermission) && isDeepStrictEqual(stored(a), stored(b)))
      return 'both byte orders map the same pages';
  }
  return null;
}

/**
 * A word with permission of a page that a machine has is never one in the other order, for its highest byte is zero. A
 * word of zeros is the same in both, and v3 stores it as a mapping without permission: that tells nothing.
 */
function storesPermission(swap: Swap): boolean {
  return !hasFailed(swap) && givesPermission({ hi: swap.newHi, lo: swap.newLo });
}

function stored({ swaps }: Step): readonly unknown[] {
  return swaps.map(({ entry, newHi, newLo }) => [entry, newHi, newLo]);
}

function reversed({ hi, lo }: Word): Word {
  return { hi: reversedHalf(lo), lo: reversedHalf(hi) };
}

function reversedHalf(half: number): number {
  const bytes = [half & 0xff, (half >>> 8) & 0xff, (half >>> 16) & 0xff, half >>> 24];
  return bytes.reduce((all, byte) => (all << 8) | byte, 0);
}

/** Calls that change nothing and yet leave something remembered: a table found last, a page found last. */
function readsBefore(operation: ScenarioOperation): readonly ScenarioOperation[] {
  if (operation.op !== 'hcall') return [];
  const call = { ...operation, liobn: LIOBN, npages: 0 };
  const list = { hi: 0, lo: 0x1_0000 };
  return [
    { ...call, name: 'H_GET_TCE', mode: 'auto' },
    { ...call, name: 'H_PUT_TCE_INDIRECT', mode: 'real', word: list },
    { ...call, name: 'H_PUT_TCE_INDIRECT', mode: 'virtual', word: list },
  ];
}

function compareWithReads({ config, operations }: InvariantScenario, revision: Revision): string | null {
  const steps: Step[] = [];
  observe(config, operations, revision, (step) => {
    steps.push({ ...step, previous: null });
    return false;
  });
  const observer = new Observer(config, revision);
  for (const a of steps) {
    for (const read of readsBefore(a.operation)) observer.step(read);
    const b = observer.step(a.operation);
    if (!isDeepStrictEqual(a.result, b.result)) {
      return `${a.operation.op} gives ${JSON.stringify(a.result)}, with reads before it ${JSON.stringify(b.result)}`;
    }
    const difference = firstDifference(a.after, b.after);
    if (difference !== null) return `reads before ${a.operation.op} change ${difference}`;
  }
  return null;
}
