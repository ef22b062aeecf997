import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import type { TceEntries } from '../host/tce-entries.js';
import { formatWord } from '../papr/tce.js';
import { hex } from './scenario-dump.js';
import type { Word } from './scenario-fields.js';

/** Entries shown on each side of the one that was asked for. */
const MARGIN = 2;

/** What stands at and beside the entry of a hypercall, behind it. */
export interface StateAround {
  /** Index of the entry that the call begins with, from the start of the window; null where it is outside. */
  readonly entry: string | null;
  readonly pageShift: number;
  readonly entries: readonly {
    readonly entry: string;
    readonly guestView: string;
    readonly tables: readonly { readonly table: string; readonly hw: string; readonly ua: string | null }[];
  }[];
  readonly regions: readonly { readonly ua: string; readonly used: number; readonly mapped: number }[];
}

/** The state beside an address of a window, or null where KVM has no guest view of the LIOBN. */
export function stateAround(host: Host, liobn: number, ioba: Word): StateAround | null {
  const view = host.findGuestView(liobn);
  if (view === null) return null;
  const { pageShift, size } = view.window;
  const entry = view.entryOf(ioba.hi, (ioba.lo >>> pageShift) << pageShift, 1);
  const shown: number[] = [];
  for (let index = Math.max(0, entry - MARGIN); entry >= 0 && index <= entry + MARGIN; index++) {
    if (index < size) shown.push(index);
  }
  return {
    entry: entry < 0 ? null : hex(entry),
    pageShift,
    entries: shown.map((index) => entryAt(view, index)),
    regions: host.preregistered.regions.map(({ ua, used, mapped }) => ({ ua: hex(ua), used, mapped })),
  };
}

function entryAt(view: GuestView, index: number): StateAround['entries'][number] {
  const tables = [...new Set(view.tables)].map((table) => {
    // Of several hardware pages that one entry of the view stands for, the first.
    const at = index * 2 ** (view.pageShift - table.pageShift);
    const ua = table.hasUserspaceView ? hex(table.userspaceView[at] ?? 0) : null;
    return { table: table.name, hw: word(table.entries, at), ua };
  });
  return { entry: hex(index), guestView: word(view.entries, index), tables };
}

function word(entries: TceEntries, index: number): string {
  return index < entries.size ? formatWord(entries.hi(index), entries.lo(index)) : 'outside';
}
