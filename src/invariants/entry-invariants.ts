import { H_SUCCESS } from '../papr/hcall-return.js';
import { addressOf, formatWord, TCE_PERMISSIONS, TCE_READ, TCE_WRITE } from '../papr/tce.js';
import type { StepInvariant } from './invariant.js';
import { areEqual, isValid, type TableState, type ViewState } from './machine-state.js';
import type { Step } from './observer.js';
import { hasFailed } from './recording-table.js';

/** What a user address is XORed with for its host address, as the format of the scenarios defines it. */
const UA_TO_HPA = 0x300a_5500_0000n;
const PERMISSIONS = BigInt(TCE_PERMISSIONS);

/** I6, I8, I11 and I23: what stands in the entries. */
export const ENTRY_INVARIANTS: readonly StepInvariant[] = [
  {
    id: 'I6',
    statement: 'No valid hardware entry lets the device reach beyond the pinned pages of a live region.',
    check: (step) => firstOf(step.after.tables, (table) => beyondPinned(step, table)),
  },
  {
    id: 'I8',
    statement: 'After H_SUCCESS every entry of the range maps in hardware what the guest view says.',
    check: differingEntry,
  },
  {
    id: 'I8r',
    statement: 'I8 while any memory is registered.',
    check: (step) => (step.before.regions.length === 0 ? null : differingEntry(step)),
  },
  {
    id: 'I11',
    statement: 'A hypercall touches no entry outside of its range, and none outside of the window.',
    check: touchedOutside,
    seesCrashes: true,
  },
  {
    id: 'I23',
    statement:
      'Hardware entries change by exchange only, and each exchange returns what the last one stored.',
    check: (step) => {
      const isKept = ({ table }: TableState) => step.host.hardwareTables.has(table);
      return firstOf(step.before.tables.filter(isKept), (table) => brokenChain(step, table));
    },
  },
];

function firstOf<T>(items: readonly T[], check: (item: T) => string | null): string | null {
  for (const item of items) {
    const broken = check(item);
    if (broken !== null) return broken;
  }
  return null;
}

function beyondPinned({ after, backingShift }: Step, { table, words }: TableState): string | null {
  for (let entry = 0; entry < table.size; entry++) {
    if (!isValid(words, entry)) continue;
    const hpa = word(words, entry) & ~PERMISSIONS;
    const ua = Number(hpa ^ UA_TO_HPA);
    const isPinned = after.regions.some(
      ({ region, mapped }) => mapped > 0 && ua >= region.ua && ua + table.window.pageBytes <= region.end,
    );
    if (!isPinned) return `entry ${entry} of ${table.name} maps 0x${ua.toString(16)}, which is not pinned`;
    if (table.pageShift > backingShift) {
      return `entry ${entry} of ${table.name} maps 2^${table.pageShift} bytes, its pinned page has 2^${backingShift}`;
    }
  }
  return null;
}

function differingEntry({ request, result, after, host }: Step): string | null {
  if (request === null || request.hcall.name === 'H_GET_TCE') return null;
  if (!('ret' in result) || result.ret !== H_SUCCESS) return null;
  const view = after.views.find(({ liobn }) => liobn === request.view.liobn);
  if (view === undefined) return null;
  for (const { table, words } of after.tables) {
    if (!view.tables.includes(table)) continue;
    for (let entry = request.first; entry < request.first + request.npages; entry++) {
      const expected = translated(view, entry, (gpa) => host.memslots.uaOf(gpa));
      const found = word(words, entry);
      if (expected === found || (expected === 0n && (found & PERMISSIONS) === 0n)) continue;
      const [hi, lo] = halves(view.words, entry);
      return `entry ${entry}: the guest view has ${formatWord(hi, lo)}, ${table.name} has 0x${found.toString(16)}`;
    }
  }
  return null;
}

/** The hardware entry that an entry of the guest view stands for; 0 where it maps nothing. */
function translated(view: ViewState, entry: number, uaOf: (gpa: number) => number): bigint {
  const [hi, lo] = halves(view.words, entry);
  const permissions = lo & TCE_PERMISSIONS;
  if (permissions === 0) return 0n;
  const ua = uaOf(addressOf(hi, lo));
  const widened = permissions === TCE_WRITE ? TCE_WRITE | TCE_READ : permissions;
  return (BigInt(ua) ^ UA_TO_HPA) | BigInt(widened);
}

function touchedOutside(step: Step): string | null {
  const { operation, result, request, before, after } = step;
  if (operation.op !== 'hcall') return null;
  if ('hostFault' in result) {
    // The other crashes are an unaligned exchange and the read of an absent list.
    return /^(store to|exchange of) entry .* which has \d+$/.test(result.hostFault) ? result.hostFault : null;
  }
  const first = request?.first ?? 0;
  const end = request === null || request.hcall.name === 'H_GET_TCE' ? first : first + request.npages;
  for (const [i, view] of before.views.entries()) {
    const changed = changedOutside(
      view.words,
      after.views[i]?.words,
      view.liobn === request?.view.liobn,
      first,
      end,
    );
    if (changed >= 0)
      return `entry ${changed} of the guest view was changed by a request for ${first}..${end - 1}`;
  }
  for (const [i, { table, words }] of before.tables.entries()) {
    const isAttached = request?.view.tables.includes(table) === true;
    const changed = changedOutside(words, after.tables[i]?.words, isAttached, first, end);
    if (changed >= 0)
      return `entry ${changed} of ${table.name} was changed by a request for ${first}..${end - 1}`;
  }
  return null;
}

/** The first entry that changed outside of a range, or anywhere where nothing may change; -1 where none did. */
function changedOutside(
  was: Int32Array,
  is: Int32Array = was,
  mayChange: boolean,
  first: number,
  end: number,
): number {
  if (was === is) return -1;
  for (let i = 0; i < was.length; i++) {
    const entry = i >> 1;
    if (was[i] !== is[i] && !(mayChange && entry >= first && entry < end)) return entry;
  }
  return -1;
}

function brokenChain({ swaps, after }: Step, { table, words }: TableState): string | null {
  if (swaps.length === 0 && after.tables.find((is) => is.table === table)?.words === words) return null;
  const current = words.slice();
  for (const swap of swaps) {
    if (swap.table !== table) continue;
    const { entry, oldHi, oldLo, newHi, newLo, returned } = swap;
    if (current[entry * 2] !== oldLo || current[entry * 2 + 1] !== oldHi) {
      return `entry ${entry} of ${table.name} changed between two exchanges`;
    }
    if (!hasFailed(swap) && returned !== (oldLo & TCE_PERMISSIONS)) {
      return `an exchange of entry ${entry} of ${table.name} returned ${returned}`;
    }
    current[entry * 2] = newLo;
    current[entry * 2 + 1] = newHi;
  }
  const is = after.tables.find((candidate) => candidate.table === table);
  if (is !== undefined && areEqual(current, is.words)) return null;
  return `an entry of ${table.name} changed without an exchange`;
}

function halves(words: Int32Array, entry: number): [hi: number, lo: number] {
  return [words[entry * 2 + 1] ?? 0, words[entry * 2] ?? 0];
}

function word(words: Int32Array, entry: number): bigint {
  const [hi, lo] = halves(words, entry);
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}
