import { assert } from '../errors.js';
import type { GuestPages } from '../guest/guest-pages.js';

/**
 * Page-frag blocks. The socket's: payload is copied into one block byte after byte to its end, then into a new one.
 * A receive ring's: whole buffers are cut from a block's end down to its beginning (page_frag_alloc). A block is free
 * again when its last piece is and it is no longer the one being filled; its last reader is the card, because the
 * peer's acknowledgement is not waited for. One thread.
 */
export class PageFrag {
  readonly #pages: GuestPages;
  readonly #blockBytes: number;
  readonly #gpas: number[] = [];
  /** Pieces out of each block, plus one while it is being filled. */
  readonly #useCounts: number[] = [];
  readonly #spare: number[] = [];
  #current = -1;
  #offset: number;
  /** Where in its block the last piece begins. */
  #start = 0;

  constructor(pages: GuestPages, blockBytes: number) {
    this.#pages = pages;
    this.#blockBytes = blockBytes;
    this.#offset = blockBytes;
  }

  /** The block that the last {@link take} took from. */
  get block(): number {
    return this.#current;
  }

  /** Copies up to `bytes` into the current block: how many. Where they lie is {@link lastGpa}. */
  take(bytes: number): number {
    if (this.#offset === this.#blockBytes) this.#nextBlock();
    const current = this.#current;
    const taken = Math.min(bytes, this.#blockBytes - this.#offset);
    this.#start = this.#offset;
    this.#offset += taken;
    this.#useCounts[current] = (this.#useCounts[current] as number) + 1;
    return taken;
  }

  /**
   * A whole buffer, from the block's end downwards; what is left of a block that is too short stays unused. A block
   * has either such buffers or pieces of {@link take}.
   */
  takeWhole(bytes: number): void {
    assert(bytes <= this.#blockBytes, 'a buffer longer than its block');
    if (this.#offset + bytes > this.#blockBytes) this.#nextBlock();
    this.take(bytes);
    this.#start = this.#blockBytes - this.#offset;
  }

  /** Address of what was taken last. */
  get lastGpa(): number {
    return (this.#gpas[this.#current] as number) + this.#start;
  }

  /** Gives one piece of a block back. */
  drop(block: number): void {
    const left = (this.#useCounts[block] as number) - 1;
    this.#useCounts[block] = left;
    if (left > 0) return;
    this.#pages.release(this.#gpas[block] as number, this.#blockBytes);
    this.#spare.push(block);
  }

  /** Stops filling: the block is free when its pieces are. */
  close(): void {
    if (this.#current >= 0) this.drop(this.#current);
    this.#current = -1;
    this.#offset = this.#blockBytes;
  }

  #nextBlock(): void {
    this.close();
    const gpa = this.#pages.allocate(this.#blockBytes);
    const block = this.#spare.pop() ?? this.#gpas.length;
    this.#gpas[block] = gpa;
    this.#useCounts[block] = 1;
    this.#current = block;
    this.#offset = 0;
  }
}
