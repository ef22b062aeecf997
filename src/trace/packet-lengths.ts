const PAGE_BYTES = 4096;
/** Streams of payload that may take turns. */
const STREAMS = 16;

/** Where a stream of payload may have ended: a page, and the bytes of it that may be filled. */
interface StreamEnd {
  page: number;
  low: number;
  high: number;
}

/**
 * How many units of payload each packet has, by its pages: where a packet ends the next one of its stream begins, and
 * it is as many whole units long as reach its last page. A length that pages leave open is taken in the middle; what
 * it must have been narrows as the stream goes on. One stream of packets.
 */
export class PacketLengths {
  /** Packets by their units of payload. */
  readonly byUnits = new Map<number, number>();
  readonly #unitBytes: number;
  readonly #blockPages: number;
  /** The last one is the latest. */
  readonly #ends: StreamEnd[] = [];
  #firstPage = -1;
  #lastPage = -1;
  /** Pages from the first to the last one, as if they lay one behind the other. */
  #reach = 0;

  /** `blockPages`: pages of 4 KiB in a block of payload. */
  constructor(unitBytes: number, blockPages: number) {
    this.#unitBytes = unitBytes;
    this.#blockPages = blockPages;
  }

  /** A piece of payload: what is not on the page of the last piece begins a page, for that one is full. */
  piece(page: number, npages: number): void {
    if (this.#firstPage < 0) {
      this.#firstPage = page;
      this.#reach = npages - 1;
    } else {
      this.#reach += npages - (page === this.#lastPage ? 1 : 0);
    }
    this.#lastPage = page + npages - 1;
  }

  /** The packet is complete; one without payload is not counted. */
  end(): void {
    if (this.#firstPage < 0) return;
    const [low, high] = this.#start();
    const before = this.#reach * PAGE_BYTES;
    const least = Math.max(1, Math.ceil((before + 1 - high) / this.#unitBytes));
    const most = Math.floor((before + PAGE_BYTES - low) / this.#unitBytes);
    const middle = Math.round((before + PAGE_BYTES / 2 - (low + high) / 2) / this.#unitBytes);
    const units = Math.max(least, Math.min(middle, most));
    const end = { page: this.#lastPage, low: 1, high: PAGE_BYTES };
    if (most >= least) {
      end.low = Math.max(1, low + units * this.#unitBytes - before);
      end.high = Math.min(PAGE_BYTES, high + units * this.#unitBytes - before);
    }
    this.#ends.push(end);
    if (this.#ends.length > STREAMS) this.#ends.shift();
    this.byUnits.set(units, (this.byUnits.get(units) ?? 0) + 1);
    this.#firstPage = -1;
  }

  /** Which byte of its first page the packet may begin at: the least and the greatest. */
  #start(): readonly [number, number] {
    const page = this.#firstPage;
    for (let i = this.#ends.length - 1; i >= 0; i--) {
      const { page: last, low, high } = this.#ends[i] as StreamEnd;
      if (page !== last && page !== last + 1) continue;
      this.#ends.splice(i, 1);
      return page === last ? [low, Math.min(high, PAGE_BYTES - 1)] : [0, 0];
    }
    return page % this.#blockPages === 0 ? [0, 0] : [0, PAGE_BYTES - 1];
  }
}
