/** All of the guest's memory: one slot, one region. */
export const NAIVE_RAM_BYTES = 32 * 2 ** 20;
const UA = 0x2000_0000_0000n;
const TO_HPA = 0x300a_5500_0000n;
/** Entries of each window. */
export const NAIVE_SIZE = 24;
const [H_SUCCESS, H_HARDWARE, H_PARAMETER] = [0, -1, -4];

/** A window of the machine. */
export interface NaiveWindowPlan {
  readonly liobn: number;
  readonly pageShift: number;
  readonly offset: number;
  readonly size: number;
}

/** A small window as of old, and one of 64 KiB pages far above 2^53. */
export const NAIVE_WINDOWS: readonly NaiveWindowPlan[] = [
  { liobn: 0x8000_0001, pageShift: 12, offset: 0x10, size: NAIVE_SIZE },
  { liobn: 0x8000_0002, pageShift: 16, offset: 2 ** 43, size: NAIVE_SIZE },
];

/** A hypercall: `page` counts from the start of the window, `words` are the TCE, the value, or the list. */
export interface NaiveCall {
  readonly kind: 'put' | 'indirect' | 'stuff';
  readonly window: number;
  readonly page: number;
  readonly offset: number;
  readonly words: readonly bigint[];
  readonly npages: number;
}

/** The state of one window by the rules, in the largest words and the plainest containers. */
class NaiveWindow {
  readonly view = new Map<bigint, bigint>();
  readonly hardware = new Map<bigint, bigint>();
  readonly userspace = new Map<bigint, bigint>();
  hasUserspaceView = false;
}

/** v3 with user space below it, from the tables of the specification: one region, all of the memory. */
export class NaiveV3 {
  readonly windows = NAIVE_WINDOWS.map(() => new NaiveWindow());
  mapped = 1n;

  call({ kind, window, page, offset, words, npages }: NaiveCall): number {
    const state = this.windows[window];
    const shift = NAIVE_WINDOWS[window]?.pageShift;
    if (state === undefined || shift === undefined) throw new Error('no such window');
    const below = (1n << BigInt(shift)) - 1n;
    const first = BigInt(page);
    const count = kind === 'put' ? 1n : BigInt(npages);
    if (kind === 'indirect' && count > 512n) return H_PARAMETER;
    if (offset !== 0 || first < 0n || first + count > BigInt(NAIVE_SIZE)) return H_PARAMETER;
    const word = words[0] ?? 0n;
    if (kind === 'stuff') {
      if (word !== 0n) return H_PARAMETER;
      for (let i = 0n; i < count; i++) {
        this.clear(state, first + i);
        state.view.delete(first + i);
      }
      return H_SUCCESS;
    }
    const list = words.slice(0, Number(count));
    if (list.some((tce) => (tce & below & ~3n) !== 0n)) return H_PARAMETER;
    if (kind === 'put' && (word & 3n) === 0n) {
      this.clear(state, first);
      put(state, first, word);
      return H_SUCCESS;
    }
    if (count > 0n && !state.hasUserspaceView) return this.inUserSpace(state, first, list);
    for (const [i, tce] of list.entries()) {
      if ((tce & ~3n) >= BigInt(NAIVE_RAM_BYTES)) return H_HARDWARE;
      this.map(state, first + BigInt(i), tce);
    }
    for (const [i, tce] of list.entries()) put(state, first + BigInt(i), tce);
    return H_SUCCESS;
  }

  /** QEMU: never an error for an entry inside the table; the first map that reaches VFIO makes the userspace view. */
  private inUserSpace(state: NaiveWindow, first: bigint, list: readonly bigint[]): number {
    for (const [i, tce] of list.entries()) {
      put(state, first + BigInt(i), tce);
      if ((tce & 3n) === 0n) this.clear(state, first + BigInt(i));
      else if ((tce & ~3n) < BigInt(NAIVE_RAM_BYTES)) {
        state.hasUserspaceView = true;
        this.map(state, first + BigInt(i), tce | 1n);
      }
    }
    return H_SUCCESS;
  }

  private map(state: NaiveWindow, entry: bigint, tce: bigint): void {
    const ua = (tce & ~3n) + UA;
    this.uncount(state, entry);
    this.mapped++;
    state.hardware.set(entry, (ua ^ TO_HPA) | (tce & 3n) | ((tce & 2n) >> 1n));
    state.userspace.set(entry, ua);
  }

  private clear(state: NaiveWindow, entry: bigint): void {
    this.uncount(state, entry);
    state.hardware.delete(entry);
  }

  /** Only a valid entry is uncounted: one without permission bits keeps its count for ever, and its user address. */
  private uncount(state: NaiveWindow, entry: bigint): void {
    if (((state.hardware.get(entry) ?? 0n) & 3n) === 0n) return;
    this.mapped--;
    state.userspace.delete(entry);
  }
}

function put(state: NaiveWindow, entry: bigint, tce: bigint): void {
  if (tce === 0n) state.view.delete(entry);
  else state.view.set(entry, tce);
}
