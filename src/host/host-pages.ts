import { highHalf } from '../papr/tce.js';
import { hpaHigh, hpaLow, USER_ARENA_START } from './host-address.js';
import type { SharedBuffers } from './shared-buffers.js';

/** Bits of a page's state. */
const UNREACHABLE_IN_REAL_MODE = 1;
const ABSENT = 2;

/** Address bits of the first host page: XOR takes them off a host address and leaves the offset in the arena. */
const ARENA_HPA_HI = hpaHigh(highHalf(USER_ARENA_START));
const ARENA_HPA_LO = hpaLow(0);

/**
 * What the host knows of each of its pages behind guest memory (the kernel's `struct page`, and the presence bit
 * of the page table): dirty, reachable by real mode, present at its user address.
 *
 * The dirty bytes are shared by the threads of a machine, a byte a page, so that two may mark neighbours at once.
 */
export class HostPages {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  /** log2 of the host's page (PAGE_SHIFT). */
  declare readonly pageShift: number;
  declare private readonly bytes: number;
  declare private readonly dirty: Uint8Array;
  declare private readonly state: Uint8Array;

  /** `bytes` of user memory from {@link USER_ARENA_START} on. */
  constructor(bytes: number, pageShift: number, buffers: SharedBuffers) {
    const pages = Math.ceil(bytes / 2 ** pageShift);
    this.pageShift = pageShift;
    this.bytes = bytes;
    this.dirty = new Uint8Array(buffers.take(pages));
    this.state = new Uint8Array(pages);
  }

  /**
   * What the exchange of an entry does to the old page if the device could write it. False, and nothing done, in
   * real mode where the page's descriptor cannot be reached (`realmode_pfn_to_page` gives nothing).
   */
  markDirty(hpaHi: number, hpaLo: number, realMode: number): boolean {
    const shift = this.pageShift;
    const page = ((hpaHi ^ ARENA_HPA_HI) << (32 - shift)) | ((hpaLo ^ ARENA_HPA_LO) >>> shift);
    if (((this.state[page] as number) & realMode) !== 0) return false;
    this.dirty[page] = 1;
    return true;
  }

  /** Makes the descriptor of the page at a user address reachable by real mode, or not. */
  setReachableInRealMode(ua: number, reachable: boolean): void {
    this.#set(this.#pageAt(ua), UNREACHABLE_IN_REAL_MODE, !reachable);
  }

  /** Makes user memory present or absent; what it holds is kept. */
  setPresent(ua: number, bytes: number, present: boolean): void {
    const end = Math.min(this.#pageAt(ua + bytes - 1), this.state.length - 1);
    for (let page = Math.max(this.#pageAt(ua), 0); page <= end; page++) this.#set(page, ABSENT, !present);
  }

  /** Whether the whole range is memory of the guest and present: what pinning it, or reading it by ua, needs. */
  isPresent(ua: number, bytes: number): boolean {
    const start = ua - USER_ARENA_START;
    if (start < 0 || start + bytes > this.bytes) return false;
    const end = this.#pageAt(ua + bytes - 1);
    for (let page = this.#pageAt(ua); page <= end; page++) {
      if (((this.state[page] as number) & ABSENT) !== 0) return false;
    }
    return true;
  }

  /** User addresses of the pages marked dirty so far, rising. */
  *dirtyPages(): Generator<number> {
    // Over the same memory; a search in a Buffer is ten times as fast.
    const dirty = Buffer.from(this.dirty.buffer);
    for (let page = dirty.indexOf(1); page >= 0; page = dirty.indexOf(1, page + 1)) {
      yield USER_ARENA_START + page * 2 ** this.pageShift;
    }
  }

  #pageAt(ua: number): number {
    return Math.floor((ua - USER_ARENA_START) / 2 ** this.pageShift);
  }

  #set(page: number, bit: number, on: boolean): void {
    const state = (this.state[page] ?? 0) & ~bit;
    this.state[page] = on ? state | bit : state;
  }
}
