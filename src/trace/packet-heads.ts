/** What a transmit map is, by where its pages lie. */
const HEAD = 0;
const PAYLOAD = 1;

/**
 * Counts packets among transmit maps, by pages alone: payload is copied into blocks byte after byte, so a piece of
 * it begins on the page where the one before ended or on the next, or at a new block when the old one is full; the
 * head of a packet lies elsewhere. Where two maps in a row lie elsewhere the second is payload in a new place.
 * One stream of maps.
 */
export class PacketHeads {
  /** Packets so far. */
  heads = 0;
  readonly #blockPages: number;
  #lastPayloadPage = -2;
  #lastWas = PAYLOAD;

  /** `blockPages`: pages of 4 KiB in a block of payload. */
  constructor(blockPages: number) {
    this.#blockPages = blockPages;
  }

  /** A transmit map of `npages` from a page of 4 KiB on. */
  map(page: number, npages: number): void {
    const last = this.#lastPayloadPage;
    const goesOn = page === last || page === last + 1;
    const beginsBlock = (last + 1) % this.#blockPages === 0 && page % this.#blockPages === 0;
    if (!goesOn && !beginsBlock && this.#lastWas === PAYLOAD) {
      this.heads++;
      this.#lastWas = HEAD;
      return;
    }
    this.#lastPayloadPage = page + npages - 1;
    this.#lastWas = PAYLOAD;
  }
}
