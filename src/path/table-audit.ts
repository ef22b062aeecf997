import { hpaHigh, hpaLow } from '../host/host-address.js';
import {
  formatWord,
  highHalf,
  joinWord,
  lowHalf,
  TCE_PERMISSIONS,
  TCE_READ,
  TCE_WRITE,
} from '../papr/tce.js';
import type { Machine, MachineTables } from './machine.js';

/** What a table should hold, by an account that never saw the machine. */
export interface ExpectedEntries {
  /** Number of live entries. */
  readonly live: number;
  /** The first live entry from here on, -1 where none is left. */
  next(entry: number): number;
  /** The word of a live entry, 0 of another. */
  tceHi(entry: number): number;
  tceLo(entry: number): number;
}

const NOTHING: ExpectedEntries = { live: 0, next: () => -1, tceHi: () => 0, tceLo: () => 0 };

/**
 * Compares a machine with an independent account: guest view, hardware table (the page's host address, write implying
 * read), userspace view, and the mapped count of the region. Every live entry must be right, and no other entry may
 * be set. Reads plain memory, so nothing may run meanwhile.
 *
 * @returns the first disagreement in one sentence, null where everything agrees
 */
export function auditTables(
  machine: Machine,
  expectedOf: (liobn: number) => ExpectedEntries | null,
): string | null {
  let live = 0;
  for (const tables of machine.tables) {
    const expected = expectedOf(tables.liobn) ?? NOTHING;
    const disagreement = liveDisagreement(machine, tables, expected) ?? deadDisagreement(tables, expected);
    if (disagreement !== null) return disagreement;
    live += expected.live;
  }
  const { mapped } = machine.region;
  return mapped === 1 + live ? null : `${mapped - 1} mappings are counted, ${live} entries are live`;
}

function liveDisagreement(
  { host }: Machine,
  { liobn, hardware, guestView }: MachineTables,
  expected: ExpectedEntries,
): string | null {
  const { entries, userspaceView, pageMask } = hardware;
  for (let entry = expected.next(0); entry >= 0; entry = expected.next(entry + 1)) {
    const tceHi = expected.tceHi(entry);
    const tceLo = expected.tceLo(entry);
    if (guestView.lo(entry) !== tceLo || guestView.hi(entry) !== tceHi) {
      const found = formatWord(guestView.hi(entry), guestView.lo(entry));
      return `${nameOf(liobn, entry)} is ${found} in the guest view, not ${formatWord(tceHi, tceLo)}`;
    }
    const ua = host.memslots.uaOf(joinWord(tceHi, tceLo & ~pageMask));
    if (userspaceView[entry] !== ua) return `${nameOf(liobn, entry)} has another user address than its page`;
    const permissions = tceLo & TCE_PERMISSIONS;
    const widened = (permissions & TCE_WRITE) === 0 ? permissions : permissions | TCE_READ;
    if (
      entries.hi(entry) !== hpaHigh(highHalf(ua)) ||
      entries.lo(entry) !== (hpaLow(lowHalf(ua)) | widened)
    ) {
      return `${nameOf(liobn, entry)} is ${formatWord(entries.hi(entry), entries.lo(entry))} in hardware, not its page`;
    }
  }
  return null;
}

/** The first entry that is set and not live. Poison in the guest view, a word without permission, is no setting. */
function deadDisagreement(
  { liobn, hardware, guestView }: MachineTables,
  expected: ExpectedEntries,
): string | null {
  const hardwareWords = hardware.entries.words;
  const viewWords = guestView.words;
  const { userspaceView, size } = hardware;
  for (let entry = 0; entry < size; entry++) {
    const low = entry << 1;
    const isSet =
      ((viewWords[low] as number) & TCE_PERMISSIONS) !== 0 ||
      ((hardwareWords[low] as number) | (hardwareWords[low + 1] as number)) !== 0 ||
      userspaceView[entry] !== 0;
    if (isSet && (expected.tceLo(entry) & TCE_PERMISSIONS) === 0) {
      return `${nameOf(liobn, entry)} is set in a table and not live`;
    }
  }
  return null;
}

function nameOf(liobn: number, entry: number): string {
  return `entry ${entry} of LIOBN 0x${liobn.toString(16)}`;
}
