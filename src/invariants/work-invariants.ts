import { isDeepStrictEqual } from 'node:util';
import { REGION_LOOKUPS, TCE_EXCHANGES } from '../cost/operations.js';
import { REAL_MODE, VIRTUAL_MODE } from '../host/mmu-mode.js';
import { H_SUCCESS, H_TOO_HARD } from '../papr/hcall-return.js';
import { isForced, mapsNothing } from './causes.js';
import { codeOf } from './code-invariants.js';
import type { StepInvariant } from './invariant.js';
import { firstDifference, isValid } from './machine-state.js';
import type { Step } from './observer.js';
import { hasFailed } from './recording-table.js';
import { givesPermission } from './request.js';

/** I13, I16, I19 to I22 and I25: what is done twice, for nothing, or behind the back of a table. */
export const WORK_INVARIANTS: readonly StepInvariant[] = [
  {
    id: 'I13',
    statement: 'A request that succeeded changes nothing when it is repeated; I2 and I3 apart.',
    check: (step) => {
      const { previous, operation } = step;
      if (previous === null || codeOf(previous) !== H_SUCCESS || mapsNothing(step)) return null;
      // Of either time: the repetition may fail where an exchange now finds a page that it cannot reach.
      if ([previous, step].some((time) => time.swaps.some((_, index) => isForced(time, index)))) return null;
      if (!isDeepStrictEqual(previous.operation, operation)) return null;
      const difference = firstDifference(step.before, step.after);
      return difference === null ? null : `the second time changed ${difference}`;
    },
  },
  {
    id: 'I16',
    statement:
      'A mapped TCE takes one exchange for each descriptor; where descriptors are shared, no table has two.',
    check: checkExchanges,
  },
  {
    id: 'I19',
    statement:
      'When guest views, KVM-VFIO device and containers are closed, nobody holds a table or a group.',
    check: ({ isTornDown, after }) => {
      if (!isTornDown) return null;
      const table = after.tables.find(({ references }) => references > 0);
      if (table !== undefined) return `${table.table.name} keeps ${table.references} references`;
      const group = after.groups.find(({ references }) => references > 0);
      return group === undefined ? null : `group ${group.id} keeps ${group.references} references`;
    },
  },
  {
    id: 'I22',
    statement: 'When they are closed, no memory is locked any more.',
    check: ({ isTornDown, after }) =>
      isTornDown && after.locked > 0 ? `${after.locked} host pages stay locked` : null,
  },
  {
    id: 'I22r',
    statement:
      'I22 but for the regions that are still listed, because they counted a mapping when they were to go.',
    check: ({ isTornDown, after, host }) => {
      if (!isTornDown) return null;
      const pages = after.regions.reduce((sum, { region }) => sum + host.locked.pagesOf(region.bytes), 0);
      return after.locked === pages
        ? null
        : `${after.locked} host pages stay locked, ${pages} of them in regions`;
    },
  },
  {
    id: 'I20',
    statement: 'GROUP_DEL of one group leaves the tables of every other group attached.',
    check: ({ operation, result, attachments, after }) => {
      if (operation.op !== 'groupDel' || !('ret' in result) || result.ret !== 0) return null;
      const lost = attachments.find(({ group, liobn, table }) => {
        const view = after.views.find((candidate) => candidate.liobn === liobn);
        return group !== operation.group && view?.tables.includes(table) !== true;
      });
      return lost === undefined
        ? null
        : `group ${lost.group} lost ${lost.table.name} to GROUP_DEL of group ${operation.group}`;
    },
  },
  {
    id: 'I21',
    statement: 'A hypercall on a LIOBN without guest view is handed down and reaches no table.',
    check: ({ operation, result, request, before, after, swaps }) => {
      if (operation.op !== 'hcall' || request !== null || !('ret' in result)) return null;
      if (result.ret !== H_TOO_HARD) return `a LIOBN without guest view gave ${result.ret}`;
      const difference = firstDifference(before, after);
      return difference === null && swaps.length === 0 ? null : `${difference ?? 'hardware'} was touched`;
    },
  },
  {
    id: 'I25',
    statement: 'Clearing what is clear looks no region up.',
    check: (step) => {
      const { request, before, counts } = step;
      if (request === null || !request.clears || codeOf(step) !== H_SUCCESS) return null;
      const isClear = before.tables.every(
        ({ table, words }) =>
          !request.view.tables.includes(table) || !isAnyValid(words, request.first, request.npages),
      );
      const lookups = counts[REGION_LOOKUPS] as number;
      return isClear && lookups > 0 ? `${lookups} look-ups in the regions` : null;
    },
  },
];

function isAnyValid(words: Int32Array, first: number, npages: number): boolean {
  for (let entry = first; entry < first + npages; entry++) if (isValid(words, entry)) return true;
  return false;
}

function checkExchanges(step: Step): string | null {
  const { request, swaps, counts, result, operation, revision, before } = step;
  if (request === null || operation.op !== 'hcall') return null;
  // One that failed was followed by the one that restored the entry.
  const done = swaps.reduce((sum, swap) => sum + (hasFailed(swap) ? 2 : 1), 0);
  if (!('hostFault' in result) && counts[TCE_EXCHANGES] !== done) {
    return `${counts[TCE_EXCHANGES]} exchanges counted, ${done} done`;
  }
  const { tables } = request.view;
  if (revision.attach.sharing === 'by-table' && new Set(tables).size !== tables.length) {
    return 'a table has two descriptors';
  }
  const isWhole = before.regions.length > 0 && before.regions.every(({ mapped }) => mapped > 0);
  if (codeOf(step) !== H_SUCCESS || !isWhole || !request.maps) return null;
  if (!request.words.every(givesPermission)) return null;
  const isVirtual = operation.mode === 'virtual' || ('handledBy' in result && result.handledBy === 'virtual');
  const mode = isVirtual ? VIRTUAL_MODE : REAL_MODE;
  const found = swaps.filter((swap) => swap.mode === mode).length;
  const expected = request.npages * tables.length;
  return found === expected
    ? null
    : `${found} exchanges for ${request.npages} TCEs in ${tables.length} tables`;
}
