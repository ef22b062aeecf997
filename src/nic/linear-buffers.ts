import type { GuestPages } from '../guest/guest-pages.js';
import { HeadSlab } from './head-slab.js';
import { NET_STACK } from './profiles/net-stack.js';

/** The largest linear buffer: 2^17 holds any frame with what belongs to it. */
const MAX_ORDER = 17;

/** The slabs that skb heads and linear packets come from, one for each power of two. One thread. */
export class LinearBuffers {
  readonly #slabs: readonly HeadSlab[];
  readonly #minBytes = NET_STACK.headObjectBytes.value;
  readonly #roomBytes = NET_STACK.headOffsetBytes.value + NET_STACK.sharedInfoBytes.value;

  constructor(pages: GuestPages) {
    this.#slabs = Array.from({ length: MAX_ORDER + 1 }, (_, order) => new HeadSlab(pages, 2 ** order));
  }

  /** Which slab a packet of `bytes` takes: log2 of its objects. */
  orderOf(bytes: number): number {
    return 32 - Math.clz32(Math.max(this.#minBytes, bytes + this.#roomBytes) - 1);
  }

  allocate(order: number): number {
    return (this.#slabs[order] as HeadSlab).allocate();
  }

  release(gpa: number, order: number): void {
    (this.#slabs[order] as HeadSlab).release(gpa);
  }

  /** Gives the pages back; every object must be. */
  close(): void {
    for (const slab of this.#slabs) slab.close();
  }
}
