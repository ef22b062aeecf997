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

/** What a table should hold, by an account that never saw the machine: the word of an entry, 0 if it is not live. */
export interface ExpectedEntries {
  readonly live: number;
  tceHi(entry: number): number;
  tceLo(entry: number): number;
}

/**
 * Compares every entry of a machine with an independent account: guest view, hardware table (the page's host
 * address, write implying read), userspace view, and the mapped count of the region. Reads plain memory, so
 * nothing may run meanwhile.
 *
 * @returns the first disagreement in one sentence, null where everything agrees
 */
export function auditTables(
  machine: Machine,
  expectedOf: (liobn: number) => ExpectedEntries | null,
): string | null {
  let live = 0;
  for (const tables of machine.tables) {
    const expected = expectedOf(tables.liobn);
    const disagreement = auditTable(machine, tables, expected);
    if (disagreement !== null) return disagreement;
    live += expected?.live ?? 0;
  }
  const { mapped } = machine.region;
  return mapped === 1 + live ? null : `${mapped - 1} mappings are counted, ${live} entries are live`;
}

function auditTable(
  { host }: Machine,
  { liobn, hardware, guestView }: MachineTables,
  expected: ExpectedEntries | null,
): string | null {
  const { entries, userAddresses, window } = hardware;
  const at = (entry: number) => `entry ${entry} of LIOBN 0x${liobn.toString(16)}`;
  for (let entry = 0; entry < window.size; entry++) {
    const tceHi = expected?.tceHi(entry) ?? 0;
    const tceLo = expected?.tceLo(entry) ?? 0;
    const permissions = tceLo & TCE_PERMISSIONS;
    const viewLo = guestView.lo(entry);
    if (permissions === 0) {
      if ((viewLo & TCE_PERMISSIONS) !== 0) return `${at(entry)} is set in the guest view and not live`;
      if ((entries.lo(entry) | entries.hi(entry)) !== 0)
        return `${at(entry)} is set in hardware and not live`;
      if (userAddresses[entry] !== 0) return `${at(entry)} has a user address and is not live`;
      continue;
    }
    if (viewLo !== tceLo || guestView.hi(entry) !== tceHi) {
      return `${at(entry)} is ${formatWord(guestView.hi(entry), viewLo)} in the guest view, not ${formatWord(tceHi, tceLo)}`;
    }
    const ua = host.memslots.uaOf(joinWord(tceHi, tceLo & ~hardware.pageMask));
    if (userAddresses[entry] !== ua) return `${at(entry)} has another user address than its page`;
    const widened = (permissions & TCE_WRITE) === 0 ? permissions : permissions | TCE_READ;
    if (
      entries.hi(entry) !== hpaHigh(highHalf(ua)) ||
      entries.lo(entry) !== (hpaLow(lowHalf(ua)) | widened)
    ) {
      return `${at(entry)} is ${formatWord(entries.hi(entry), entries.lo(entry))} in hardware, not its page`;
    }
  }
  return null;
}
