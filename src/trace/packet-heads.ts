/** What a transmit map is, by where its pages lie. */
const HEAD = 0;
const PAYLOAD = 1;

/**
 * Tells the heads of packets from their payload among transmit maps, by pages alone: payload is copied into blocks
 * byte after byte, so a piece of it begins on the page where the one before ended or on the next, or at a new block
 * when the old one is full; the head of a packet lies elsewhere. Where two maps in a row lie elsewhere the second is
 * payload in a new place. Where payload lies in scattered pages, as a file does in pages of 4 KiB, the pages that
 * heads use again and again tell more: `isHeadPage`. One stream of maps.
 */
export class PacketHeads {
  /** Packets so far. */
  heads = 0;
  readonly #blockPages: number;
  readonly #isHeadPage: ((page: number) => boolean) | undefined;
  #lastPayloadPage = -2;
  #lastWas = PAYLOAD;

  /** `blockPages`: pages of 4 KiB in a block of payload. */
  constructor(blockPages: number, isHeadPage?: (page: number) => boolean) {
    this.#blockPages = blockPages;
    this.#isHeadPage = isHeadPage;
  }

  /** A transmit map of `npages` from a page of 4 KiB on: whether it is a head. */
  map(page: number, npages: number): boolean {
    if (this.#isHead(page)) {
      this.heads++;
      this.#lastWas = HEAD;
      return true;
    }
    this.#lastPayloadPage = page + npages - 1;
    this.#lastWas = PAYLOAD;
    return false;
  }

  #isHead(page: number): boolean {
    const last = this.#lastPayloadPage;
    if (page === last || page === last + 1) return false;
    if (this.#isHeadPage !== undefined) return this.#isHeadPage(page);
    const beginsBlock = (last + 1) % this.#blockPages === 0 && page % this.#blockPages === 0;
    return !beginsBlock && this.#lastWas === PAYLOAD;
  }
}
