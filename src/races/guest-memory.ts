import { hpaHigh, hpaLow, USER_ARENA_START } from '../host/host-address.js';
import { addressOf, formatWord, highHalf, joinWord, lowHalf, TCE_PERMISSIONS } from '../papr/tce.js';
import type { RaceReplayDocument } from '../result/races-document.js';

/** Pages of the guest, of its host and of its window: 4 KiB all. */
export const PAGE_SHIFT = 12;
export const PAGE_BYTES = 2 ** PAGE_SHIFT;

/** Where the guest's memory stands in user space. */
export const RAM_UA = USER_ARENA_START;

/** The memory of the guest, in guest physical order; a page is called by its name in every step and state. */
const PAGE_NAMES = ['list', 'X', 'A', 'B'] as const;

/** A page of the guest. */
export type PageName = (typeof PAGE_NAMES)[number];

/** The two preregistered regions, by number of their first page and number of pages: list, X, A; then B. */
export const REGIONS: readonly { readonly first: number; readonly pages: number }[] = [
  { first: 0, pages: 3 },
  { first: 3, pages: 1 },
];

/** How much memory the guest has. */
export const RAM_BYTES = PAGE_NAMES.length * PAGE_BYTES;

/** Guest physical address of a page; all of the memory lies below 4 GiB. */
export function gpaOf(page: PageName): number {
  return PAGE_NAMES.indexOf(page) * PAGE_BYTES;
}

/** User address of a guest physical one. */
export function uaOf(gpa: number): number {
  return RAM_UA + gpa;
}

/** User address behind the page of a hardware entry. */
export function uaOfEntry(hi: number, lo: number): number {
  return joinWord(hpaHigh(hi), hpaLow(lo & ~TCE_PERMISSIONS));
}

/** Number of the region that holds a user address, registered still or not; -1 where none ever did. */
export function regionOf(ua: number): number {
  const page = Math.floor((ua - RAM_UA) / PAGE_BYTES);
  return REGIONS.findIndex(({ first, pages }) => page >= first && page < first + pages);
}

/** The name of the page at a user address in parentheses, with what lies below the page; empty outside memory. */
function nameOf(ua: number): string {
  const name = PAGE_NAMES[Math.floor((ua - RAM_UA) / PAGE_BYTES)];
  const below = ua % PAGE_BYTES;
  return name === undefined ? '' : ` (${name}${below === 0 ? '' : `+0x${below.toString(16)}`})`;
}

/** A user address for the trace. */
export function uaText(ua: number): string {
  return `${formatWord(highHalf(ua), lowHalf(ua))}${nameOf(ua)}`;
}

/** A TCE as the guest writes it, for the trace. */
export function tceText(hi: number, lo: number): string {
  const isClear = (lo & TCE_PERMISSIONS) === 0;
  return `${formatWord(hi, lo)}${isClear ? '' : nameOf(uaOf(addressOf(hi, lo)))}`;
}

/** A hardware entry for the trace. */
export function entryText(hi: number, lo: number): string {
  return `${formatWord(hi, lo)}${nameOf(uaOfEntry(hi, lo))}`;
}

/** The addresses of all pages, as texts: what the steps and states name. */
export function pageRows(): RaceReplayDocument['pages'] {
  return PAGE_NAMES.map((name) => {
    const gpa = gpaOf(name);
    const ua = uaOf(gpa);
    const uaHi = highHalf(ua);
    const uaLo = lowHalf(ua);
    return {
      name,
      gpa: formatWord(0, gpa),
      ua: formatWord(uaHi, uaLo),
      hpa: formatWord(hpaHigh(uaHi), hpaLow(uaLo)),
      region: regionOf(ua),
    };
  });
}
