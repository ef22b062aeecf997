import type { DmaWindow } from '../papr/dma-window.js';
import { joinWord, TCE_PERMISSIONS, TCE_READ } from '../papr/tce.js';
import type { LineRange } from './range-snapshots.js';
import type { CallConsumer } from './replay.js';
import { type SentPackets, sentPackets } from './sent-packets.js';
import { DEFAULT_PAGE_SHIFT, type TraceCall } from './trace-call.js';
import { TransmitMaps } from './transmit-maps.js';

const TCE_PAGE_BYTES = 2 ** DEFAULT_PAGE_SHIFT;
const LARGE_GUEST_PAGE_BYTES = 65536;
/** TCEs of a guest page of 64 KiB. */
const LARGE_GUEST_PAGE_TCES = LARGE_GUEST_PAGE_BYTES / TCE_PAGE_BYTES;

/** Bytes of a block of payload, by the guest's page size (net/core/sock.c). */
const BLOCK_PAGES = { 65536: 16, 4096: 8 } as const;

/**
 * What a log shows of its guest: over the whole log how the guest calls and how its pages lie, over one range of
 * lines what was mapped for whom. One consumer of one replay.
 */
export class LogTraits implements CallConsumer {
  /** Calls of each kind, and puts that set or clear. */
  indirects = 0;
  stuffs = 0;
  putClears = 0;
  calls = 0;
  /** Addresses of the lists of indirect calls. */
  readonly #lists = new Set<number>();
  /** Maps of whole pages of 64 KiB, both their addresses on such boundaries. */
  largePageMaps = 0;
  /** Maps in windows of 4 KiB pages. */
  maps = 0;
  /** In the range: calls, TCEs for transmit and for receive. */
  rangeCalls = 0;
  transmitTces = 0;
  receiveTces = 0;
  readonly #range: LineRange;
  /** Windows of 4 KiB pages: in no other one can pages tell what a map is. */
  readonly #liobns = new Set<number>();
  readonly #transmit = new TransmitMaps();
  /** The map that puts may still go on: its liobn, first entry's address and TCE, entries, and last call. */
  #open = { liobn: -1, ioba: 0, tce: 0, npages: 0, lastCall: 0, inRange: false };

  constructor(range: LineRange) {
    this.#range = range;
  }

  newTable(liobn: number, { pageShift }: DmaWindow): void {
    if (pageShift === DEFAULT_PAGE_SHIFT) this.#liobns.add(liobn);
    else this.#liobns.delete(liobn);
  }

  removeTable(liobn: number): void {
    this.#liobns.delete(liobn);
  }

  call(call: TraceCall): void {
    this.calls++;
    const inRange = call.line >= this.#range.lineFrom && call.line <= this.#range.lineTo;
    if (inRange) this.rangeCalls++;
    if (call.kind === 'indirect') {
      this.indirects++;
      this.#lists.add(joinWord(call.tceListHi, call.tceListLo));
    }
    if (call.kind === 'stuff') this.stuffs++;
    if (call.kind === 'get' || call.effective === 0 || !this.#liobns.has(call.liobn)) return;
    if ((call.tceLo & TCE_PERMISSIONS) === 0) {
      if (call.kind === 'put') this.putClears++;
      return;
    }
    this.#map(call, inRange);
  }

  /** The last call is through. */
  finish(): void {
    this.#endMap();
  }

  /** Lists seen, and how many of them began on no boundary of 64 KiB. */
  get lists(): { readonly all: number; readonly off64k: number } {
    const off64k = [...this.#lists].filter((list) => list % LARGE_GUEST_PAGE_BYTES !== 0).length;
    return { all: this.#lists.size, off64k };
  }

  /** Maps for transmit in the range. */
  get transmitMaps(): number {
    return this.#transmit.size;
  }

  /** Packets among the transmit maps of the range, in a guest with pages of that size. */
  packets(guestPageBytes: 4096 | 65536, unitBytes: number, headsBy: 'place' | 'use'): SentPackets {
    return sentPackets(this.#transmit, unitBytes, BLOCK_PAGES[guestPageBytes], headsBy);
  }

  #map(call: TraceCall, inRange: boolean): void {
    const ioba = joinWord(call.iobaHi, call.iobaLo);
    const tce = joinWord(call.tceHi, call.tceLo);
    const open = this.#open;
    const bytes = open.npages * TCE_PAGE_BYTES;
    const goesOn =
      call.kind === 'put' &&
      open.lastCall === this.calls - 1 &&
      open.liobn === call.liobn &&
      ioba === open.ioba + bytes &&
      tce === open.tce + bytes;
    if (!goesOn) {
      this.#endMap();
      Object.assign(open, { liobn: call.liobn, ioba, tce, npages: 0, inRange });
    }
    open.npages += call.effective;
    open.lastCall = this.calls;
  }

  #endMap(): void {
    const { ioba, tce, npages, inRange } = this.#open;
    this.#open.npages = 0;
    if (npages === 0) return;
    this.maps++;
    const permissions = tce % TCE_PAGE_BYTES;
    const page = Math.floor(tce / TCE_PAGE_BYTES);
    const isAligned = ioba % LARGE_GUEST_PAGE_BYTES === 0 && page % LARGE_GUEST_PAGE_TCES === 0;
    if (isAligned && npages % LARGE_GUEST_PAGE_TCES === 0) this.largePageMaps++;
    if (!inRange) return;
    if (permissions !== TCE_READ) {
      this.receiveTces += npages;
      return;
    }
    this.transmitTces += npages;
    this.#transmit.add(page, npages);
  }
}
