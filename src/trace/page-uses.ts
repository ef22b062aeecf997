/** Pages in one piece of the account. */
const PIECE_PAGES = 4096;

/** How often each page of guest memory is mapped, and whether it ever was; memory only for pages that are named. */
export class PageUses {
  /** By piece: twice the mappings of each page, plus 1 once it was mapped. */
  readonly #pieces = new Map<number, Int32Array>();
  #last = -1;
  #lastPiece: Int32Array = new Int32Array(PIECE_PAGES);

  /** Mappings of a page now. */
  mappings(page: number): number {
    return (this.#piece(page)[page % PIECE_PAGES] as number) >>> 1;
  }

  /** Whether a page was mapped at any time. */
  wasMapped(page: number): boolean {
    return (this.#piece(page)[page % PIECE_PAGES] as number) !== 0;
  }

  map(page: number): void {
    const piece = this.#piece(page);
    const index = page % PIECE_PAGES;
    piece[index] = ((piece[index] as number) + 2) | 1;
  }

  unmap(page: number): void {
    const piece = this.#piece(page);
    const index = page % PIECE_PAGES;
    piece[index] = (piece[index] as number) - 2;
  }

  #piece(page: number): Int32Array {
    const number = Math.floor(page / PIECE_PAGES);
    if (number === this.#last) return this.#lastPiece;
    let piece = this.#pieces.get(number);
    if (piece === undefined) {
      piece = new Int32Array(PIECE_PAGES);
      this.#pieces.set(number, piece);
    }
    this.#last = number;
    this.#lastPiece = piece;
    return piece;
  }
}
