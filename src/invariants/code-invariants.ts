import { H_PARAMETER, H_SUCCESS, H_TOO_HARD, hcallReturnName } from '../papr/hcall-return.js';
import type { StepInvariant } from './invariant.js';
import { areEqual, firstDifference } from './machine-state.js';
import type { Step } from './observer.js';
import { isWellFormed } from './request.js';

/** I9, I10, I17, I18 and I26: what the return codes promise. */
export const CODE_INVARIANTS: readonly StepInvariant[] = [
  {
    id: 'I9',
    statement: 'An error other than H_TOO_HARD leaves the guest view as it was.',
    check: (step) => {
      const code = codeOf(step);
      if (code === null || code === H_SUCCESS || code === H_TOO_HARD) return null;
      const isSame = step.before.views.every(({ words }, i) => {
        const after = step.after.views[i];
        return after !== undefined && areEqual(words, after.words);
      });
      return isSame ? null : `${hcallReturnName(code)}, and the guest view was changed`;
    },
  },
  {
    id: 'I10',
    statement: 'H_PARAMETER, the error of a check, leaves hardware as it was.',
    check: (step) => {
      if (codeOf(step) !== H_PARAMETER) return null;
      const changed = step.before.tables.find(({ words }, i) => {
        const after = step.after.tables[i];
        return after === undefined || !areEqual(words, after.words);
      });
      return changed === undefined
        ? null
        : `H_PARAMETER, and hardware table ${changed.table.name} was changed`;
    },
  },
  {
    id: 'I17',
    statement:
      'The first map of a fresh table goes to user space, while memory is registered; a clear of it never does.',
    check: checkFreshTable,
  },
  {
    id: 'I18',
    statement:
      'Where the userspace view exists, a well-formed request for preregistered memory is served in real mode.',
    check: (step) => {
      const { operation, result, request, before, host, backingShift } = step;
      if (request === null || operation.op !== 'hcall' || operation.mode !== 'auto') return null;
      if (step.isPageOutOfReach || step.isUserspaceViewOutOfReach || !isWellFormed(request, host))
        return null;
      const { view } = request;
      const isReady = before.tables.every(
        ({ table, hasUserspaceView }) =>
          !view.tables.includes(table) || (hasUserspaceView && table.size === view.window.size),
      );
      if (!isReady || view.window.pageShift > backingShift || !('handledBy' in result)) return null;
      return result.handledBy === 'real' ? null : `served in ${result.handledBy} mode`;
    },
  },
  {
    id: 'I26',
    statement: 'A request for no pages succeeds after its checks and touches nothing.',
    check: (step) => {
      const { request, before, after, swaps } = step;
      const code = codeOf(step);
      if (request?.npages !== 0 || code === null) return null;
      const difference = firstDifference(before, after);
      if (difference !== null || swaps.length > 0) return `${difference ?? 'hardware'} was touched`;
      const mayFail = code === H_SUCCESS || code === H_PARAMETER || code === H_TOO_HARD;
      return mayFail ? null : `no check of a request says ${hcallReturnName(code)}`;
    },
  },
];

/** What a hypercall that asks for a change returned; null for everything else, and for a host that crashed. */
export function codeOf({ operation, result }: Step): number | null {
  if (operation.op !== 'hcall' || operation.name === 'H_GET_TCE') return null;
  return 'ret' in result && result.ret !== undefined ? result.ret : null;
}

function checkFreshTable(step: Step): string | null {
  const { request, before, host, revision, operation } = step;
  const code = codeOf(step);
  if (request === null || code === null || before.regions.length === 0) return null;
  if (operation.op === 'hcall' && operation.mode === 'real' && revision.real === null) return null;
  const tables = before.tables.filter(({ table }) => request.view.tables.includes(table));
  const isFresh = tables.length > 0 && tables.every(({ table }) => !step.mappedByUser.has(table.name));
  const isWhole = tables.every(({ table }) => table.size === request.view.window.size);
  if (!isFresh || !isWhole || !isWellFormed(request, host)) return null;
  if (request.maps && code !== H_TOO_HARD) return `the first map gave ${hcallReturnName(code)}`;
  return request.clears && code !== H_SUCCESS
    ? `a clear of a fresh table gave ${hcallReturnName(code)}`
    : null;
}
