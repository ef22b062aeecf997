import type { DmaApi } from '../guest/dma-api.js';
import { FreeList } from './free-list.js';
import type { ReceiveBy } from './nic-profile.js';
import type { ReceiveRing } from './receive-ring.js';

/**
 * Two free lists of page chunks: the card compares a frame's length, as stored, with what a small buffer holds, and
 * a long frame takes as many jumbo buffers as it needs (cxgb3 sge.c: get_packet_pg, lro_add_page). Only frames
 * that GRO does not take are copied when they are short. One thread.
 */
export class PageChunks implements ReceiveRing {
  readonly #small: FreeList;
  readonly #jumbo: FreeList;
  readonly #gro: boolean;
  readonly #padBytes: number;
  readonly #copyBreakBytes: number;
  readonly #smallUsableBytes: number;
  readonly #jumboUsableBytes: number;
  readonly #smallBuffers: number;
  readonly #jumboBuffers: number;

  constructor(dma: DmaApi, profile: ReceiveBy<'page-chunks'>, gro: boolean) {
    const { pageBytes } = dma.pages;
    const refillMax = profile.refillMax.value;
    const useCountBytes = profile.useCountBytes.value;
    const smallChunk = profile.smallChunkBytes.value;
    const jumboChunk = (pageBytes > 8192 ? profile.jumboChunkBytesOn64k : profile.jumboChunkBytesOn4k).value;
    this.#gro = gro;
    this.#padBytes = profile.padBytes.value;
    this.#copyBreakBytes = profile.copyBreakBytes.value;
    this.#smallUsableBytes = smallChunk - useCountBytes;
    this.#jumboUsableBytes = jumboChunk - useCountBytes;
    this.#smallBuffers = profile.smallBuffers.value;
    this.#jumboBuffers = profile.jumboBuffers.value;
    const list = (buffers: number, chunkBytes: number) =>
      new FreeList({
        ...{ dma, refillMax, buffers, chunkBytes },
        allocationBytes: Math.max(pageBytes, chunkBytes),
      });
    this.#small = list(this.#smallBuffers, smallChunk);
    this.#jumbo = list(this.#jumboBuffers, jumboChunk);
  }

  open(): void {
    this.#small.open();
    this.#jumbo.open();
  }

  receive(bytes: number, tcp: boolean): boolean {
    const stored = bytes + this.#padBytes;
    const isSmall = stored < this.#smallUsableBytes;
    // Both ways compare the stored length, pad and CPL included.
    const isCopied = stored <= this.#copyBreakBytes && !(tcp && this.#gro);
    if (isSmall) return isCopied ? this.#small.receiveCopied() : this.#small.receive();
    for (let left = stored; left > 0; left -= this.#jumboUsableBytes) {
      if (!(isCopied ? this.#jumbo.receiveCopied() : this.#jumbo.receive())) return false;
    }
    return true;
  }

  /** Refills come before each buffer. */
  endPoll(): void {}

  close(): void {
    this.#small.close();
    this.#jumbo.close();
  }

  framesOf(bytes: number): number {
    const stored = bytes + this.#padBytes;
    if (stored < this.#smallUsableBytes) return this.#smallBuffers;
    return Math.floor(this.#jumboBuffers / Math.ceil(stored / this.#jumboUsableBytes));
  }
}
