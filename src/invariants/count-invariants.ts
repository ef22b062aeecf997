import { EBUSY } from '../host/errno.js';
import type { MemoryRegion } from '../host/memory-region.js';
import {
  clearsByForce,
  failsToUncount,
  isClearing,
  isForced,
  isRestore,
  mapsNothing,
  replacesValid,
} from './causes.js';
import type { StepInvariant } from './invariant.js';
import { countValid, type MachineState, type RegionState } from './machine-state.js';
import type { Step } from './observer.js';
import { hasFailed } from './recording-table.js';

/** How many mappings more a region counts than valid entries name it. */
function surplus({ tables }: MachineState, { region, mapped }: RegionState): number {
  return tables.reduce((rest, table) => rest - countValid(table, region), mapped - 1);
}

/** The first region that is live before and after the step and whose surplus the step changed, in words. */
function unbalanced({ before, after, swaps }: Step): string | null {
  if (swaps.length === 0 && before.regions.every(({ mapped }, i) => after.regions[i]?.mapped === mapped)) {
    return null;
  }
  for (const was of before.regions) {
    const is = after.regions.find(({ region }) => region === was.region);
    if (is === undefined || was.mapped === 0 || is.mapped === 0) continue;
    const change = surplus(after, is) - surplus(before, was);
    if (change === 0) continue;
    const count = `${Math.abs(change)} mapping${Math.abs(change) === 1 ? '' : 's'}`;
    return `region ${name(is.region)} counts ${count} ${change > 0 ? 'more' : 'less'} than it should`;
  }
  return null;
}

function name({ ua }: MemoryRegion): string {
  return `0x${ua.toString(16)}`;
}

/** Mappings made, less what the counts of all regions rose by: mappings uncounted. */
function uncounted(step: Step): number {
  let made = 0;
  for (const [index, swap] of step.swaps.entries()) {
    if (!isClearing(swap) && !hasFailed(swap) && !isRestore(step, index)) made++;
  }
  for (const { region, mapped } of step.before.regions) {
    const is = step.after.regions.find((candidate) => candidate.region === region);
    if (is !== undefined && mapped > 0 && is.mapped > 0) made += mapped - is.mapped;
  }
  return made;
}

/** I1..I5, I7 and I24: what the regions count. */
export const COUNT_INVARIANTS: readonly StepInvariant[] = [
  {
    id: 'I1',
    statement: 'A live region counts 1 and one for each valid entry that names it; I2 to I4 are told apart.',
    check: (step) =>
      mapsNothing(step) || clearsByForce(step) || failsToUncount(step) ? null : unbalanced(step),
  },
  {
    id: 'I2',
    statement: 'A word without permission in a list leaves the counts right.',
    check: (step) => (mapsNothing(step) && !clearsByForce(step) ? unbalanced(step) : null),
  },
  {
    id: 'I3',
    statement: 'Clearing a valid entry by force, after a failure, leaves the counts right.',
    check: (step) => (clearsByForce(step) && !mapsNothing(step) ? unbalanced(step) : null),
  },
  {
    id: 'I4',
    statement:
      'A clear that cannot be uncounted, because real mode does not reach the userspace view, leaves the counts right.',
    check: (step) => (failsToUncount(step) && !clearsByForce(step) ? unbalanced(step) : null),
  },
  {
    id: 'I5',
    statement: 'A region counts at least 1 while it has a user, and 0 exactly while it is being removed.',
    check: ({ after }) => {
      const wrong = after.regions.find(({ used, mapped }) => (used === 0 ? mapped !== 0 : mapped < 1));
      return wrong === undefined
        ? null
        : `region ${name(wrong.region)} has ${wrong.used} users and counts ${wrong.mapped}`;
    },
  },
  {
    id: 'I7',
    statement:
      'The last user of a region can leave it exactly while it counts 1; else EBUSY and nothing changed.',
    check: checkUnregister,
  },
  {
    id: 'I24',
    statement:
      'Every exchange that takes a valid mapping away is followed by one count less; forced clears and I4 apart.',
    check: (step) => {
      if (failsToUncount(step) || step.before.regions.length !== step.after.regions.length) return null;
      const taken = step.swaps.filter(
        (swap, index) =>
          replacesValid(swap) && !isForced(step, index) && !isRestore(step, index) && !isUndone(step, index),
      ).length;
      const less = uncounted(step);
      return taken === less ? null : `${taken} mappings taken away, ${less} uncounted`;
    },
  },
];

function isUndone(step: Step, index: number): boolean {
  return index + 1 < step.swaps.length && isRestore(step, index + 1);
}

function checkUnregister({ operation, result, before, after }: Step): string | null {
  if (operation.op !== 'unregister' || !('ret' in result)) return null;
  const was = before.regions.find(
    ({ region }) => region.ua === operation.ua && region.bytes === operation.size,
  );
  const is = after.regions.find(({ region }) => region === was?.region);
  if (was === undefined) return result.ret === 0 ? 'a region that is not there was removed' : null;
  if (result.ret === 0) {
    const isRight = was.used > 1 ? is?.used === was.used - 1 : was.mapped === 1 && is === undefined;
    return isRight
      ? null
      : `region ${name(was.region)} left with ${was.used} users while it counted ${was.mapped}`;
  }
  const isBusy = was.used === 1 && was.mapped > 1;
  if (result.ret === -EBUSY && !isBusy) return `EBUSY for a region that counts ${was.mapped}`;
  const isUnchanged = is?.used === was.used && is.mapped === was.mapped;
  return isUnchanged ? null : `a failure changed region ${name(was.region)}`;
}
