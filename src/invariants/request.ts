import type { Word } from '../conform/scenario-fields.js';
import type { ScenarioHcall, ScenarioOperation } from '../conform/scenario-operation.js';
import type { Host } from '../host/host.js';
import { MAX_INDIRECT_TCES, TCE_LIST_ALIGN_BYTES } from '../papr/hcall.js';
import { addressOf, joinWord, TCE_PERMISSIONS } from '../papr/tce.js';
import type { MachineState, ViewState } from './machine-state.js';

/** What a hypercall asks of a guest view that exists. */
export interface Request {
  readonly hcall: ScenarioHcall;
  readonly view: ViewState;
  /** Its first entry, whether inside the window or not. */
  readonly first: number;
  readonly npages: number;
  /** Whether its address begins a page. */
  readonly isAligned: boolean;
  /** The words of a list as the guest stored them, or the one word of any other call; empty for H_GET_TCE. */
  readonly words: readonly Word[];
  /** Whether it takes mappings away: H_STUFF_TCE, and H_PUT_TCE without permission. */
  readonly clears: boolean;
  /** Whether it makes mappings: H_PUT_TCE with permission, and every list. */
  readonly maps: boolean;
}

/** The request of an operation; null where it is no hypercall, or one of a LIOBN without guest view. */
export function requestOf(operation: ScenarioOperation, state: MachineState, host: Host): Request | null {
  if (operation.op !== 'hcall') return null;
  const { name, ioba, word } = operation;
  const liobn = joinWord(operation.liobn.hi, operation.liobn.lo);
  const view = state.views.find((candidate) => candidate.liobn === liobn);
  if (view === undefined) return null;
  const npages = name === 'H_PUT_TCE' || name === 'H_GET_TCE' ? 1 : operation.npages;
  const isClear = name === 'H_PUT_TCE' && (word.lo & TCE_PERMISSIONS) === 0;
  return {
    hcall: operation,
    view,
    first: view.window.entryOf(ioba.hi, ioba.lo),
    npages,
    isAligned: (ioba.lo & view.window.pageOffsetMask) === 0,
    words: wordsOf(operation, host),
    clears: name === 'H_STUFF_TCE' || isClear,
    maps: name === 'H_PUT_TCE_INDIRECT' || (name === 'H_PUT_TCE' && !isClear),
  };
}

/** Whether a word gives the device any permission. */
export function givesPermission({ lo }: Word): boolean {
  return (lo & TCE_PERMISSIONS) !== 0;
}

/** Whether a list holds a word without permission. */
export function hasWordWithoutPermission({ hcall, words }: Request): boolean {
  return hcall.name === 'H_PUT_TCE_INDIRECT' && words.some((word) => !givesPermission(word));
}

/** Whether a machine as whole as this one should need nobody's help with the request. */
export function isWellFormed({ hcall, view, first, npages, isAligned, words }: Request, host: Host): boolean {
  if (hcall.name === 'H_GET_TCE' || npages === 0) return false;
  if (!isAligned || first < 0 || first + npages > view.window.size) return false;
  if (hcall.name === 'H_STUFF_TCE') return (hcall.word.hi | hcall.word.lo) === 0;
  if (hcall.name === 'H_PUT_TCE' && (hcall.word.hi | hcall.word.lo) === 0) return true;
  if (hcall.name === 'H_PUT_TCE_INDIRECT' && !isListInReach(hcall, npages, host)) return false;
  const { pageBytes } = view.window;
  return words.every(
    (word) =>
      givesPermission(word) &&
      addressOf(word.hi, word.lo) % pageBytes === 0 &&
      isPinned(addressOf(word.hi, word.lo), pageBytes, host),
  );
}

function isListInReach({ word }: ScenarioHcall, npages: number, host: Host): boolean {
  const isAligned = word.lo % TCE_LIST_ALIGN_BYTES === 0;
  return (
    isAligned &&
    npages <= MAX_INDIRECT_TCES &&
    isPinned(joinWord(word.hi, word.lo), TCE_LIST_ALIGN_BYTES, host)
  );
}

/** Whether a page lies in a live region made of such pages. */
function isPinned(gpa: number, bytes: number, host: Host): boolean {
  const ua = host.memslots.uaOf(gpa);
  const region = ua < 0 ? null : host.preregistered.lookup(ua, bytes);
  return region !== null && region.mapped > 0 && region.ua % bytes === 0 && region.bytes % bytes === 0;
}

/** The words that a hypercall puts into tables, as they stand in its list now; none where no memory slot holds it. */
export function wordsOf({ name, word, npages }: ScenarioHcall, host: Host): readonly Word[] {
  if (name === 'H_GET_TCE') return [];
  if (name !== 'H_PUT_TCE_INDIRECT') return [word];
  const ua = host.memslots.uaOf(joinWord(word.hi, word.lo));
  if (ua < 0) return [];
  const page = host.userMemory.pageToRead(ua);
  return Array.from({ length: Math.min(npages, MAX_INDIRECT_TCES) }, (_, i) => ({
    hi: page.getInt32(i * 8),
    lo: page.getInt32(i * 8 + 4),
  }));
}
