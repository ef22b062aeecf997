import { assumed, type Constant, exactly } from '../constant.js';
import type { CostKey } from '../cost-profile.js';

const LOADS =
  'between a hit in the first cache (3 cycles) and a load from memory (89..91 ns): POWER8 latencies, AnandTech 2016';

/**
 * The handlers' own table work and the guest's other work, which no source measures on POWER: every profile of a
 * POWER machine shares these ranges. For scale, the real handlers compiled on x86-64 take 59..63 ns for a map
 * and a clear together, in cache.
 */
export const SHARED_RANGES = {
  listReadNs: assumed(1, 8, 'words of one page read in order: first cache to near L3 (8 ns), AnandTech 2016'),
  gpaToUaNs: assumed(
    1,
    57,
    'search of a few memory slots: first cache to beyond the local L3, AnandTech 2016',
  ),
  regionLookupNs: assumed(10, 90, 'list walk and bounds check: "tens of ns", from memory'),
  uaToHpaNs: assumed(1, 91, `one word of a per-page array: ${LOADS}`),
  mappedUpdateNs: assumed(
    5,
    57,
    'an atomic update of a shared counter: near L3 to beyond it, AnandTech 2016',
  ),
  guestViewStoreNs: assumed(1, 91, `a store to a line that is cold after each turn of the pool: ${LOADS}`),
  bqlShare: assumed(
    0.2,
    0.8,
    'handlers of user space run under its big lock on POWER (QEMU commit 4b8523ee8967); the share is measured nowhere',
    'share',
  ),
  siblingSignalShare: assumed(
    0,
    1,
    'when an exiting thread calls its siblings out: at the beginning of its exit leg, at its end, or between; measured nowhere',
    'share',
  ),
  iovaLockNs: assumed(
    8,
    200,
    'search of a bitmap or a free under the lock of a pool, contained in the other work: from one near line (8 ns) to a few lines of other cores (57..91 ns each), AnandTech 2016',
  ),
  otherWorkNsPerPacket: exactly(0, 'assumed', 'contained in otherWorkNsPerByte', 'ns/packet'),
  otherWorkNsPerByte: assumed(
    0,
    0.85,
    'all CPU work beside hypercalls: from none to what 10 Gb/s at MTU 1500 leaves (850 us per MB); free parameter',
    'ns/B',
  ),
  otherWorkNsPerTransaction: exactly(0, 'assumed', 'a stream has no transactions', 'ns/transaction'),
} satisfies Partial<Record<CostKey, Constant>>;

const UPDATE =
  'part of "TCE write + invalidate, one TCE: 0.1 to 0.5 us", from memory; no measurement on PHB3 or P7IOC';

/** The hardware table's side on machines whose host kernel invalidates by a store to the bridge. */
export const STORE_INVALIDATES = {
  tceExchangeNs: assumed(10, 100, UPDATE),
  tceInvalidateNs: assumed(90, 400, UPDATE),
} satisfies Partial<Record<CostKey, Constant>>;

export const REAL_MODE_HCALL = assumed(
  150,
  500,
  'empty real-mode hypercall: 509 cycles measured on POWER9 (N. Piggin, 2021-04-26), scaled to an older core',
);

export const EXIT_BEYOND_VIRTUAL = assumed(
  1000,
  4000,
  'return to user space, dispatch under the big lock and back: measured nowhere on POWER',
);
