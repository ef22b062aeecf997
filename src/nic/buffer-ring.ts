import { inputError } from '../errors.js';
import type { ReceiveRing } from './receive-ring.js';

/** How the slots of a {@link BufferRing} get their buffers and lose them. One thread. */
export interface SlotBuffers {
  /** Puts a mapped buffer into a slot, unless it has one: false if none could be mapped. */
  fill(slot: number): boolean;
  /** A frame of `bytes`, or the piece of one, arrived in the slot's buffer. False: it was lost after all. */
  use(slot: number, bytes: number): boolean;
  /** Unmaps and frees a slot's buffer, if it has one. */
  empty(slot: number): void;
  /** Gives back what belongs to no slot. */
  close(): void;
}

/** What a {@link BufferRing} is made from. */
export interface BufferRingOptions {
  readonly buffers: number;
  /** The longest part of a frame that one buffer takes. */
  readonly bufferBytes: number;
  /** The driver fills slots again when so many are used up, and at the end of a poll. */
  readonly refillBatch: number;
  readonly slots: SlotBuffers;
}

/** A ring of receive buffers that are used in their order and filled again in it (e1000_clean_rx_irq). One thread. */
export class BufferRing implements ReceiveRing {
  readonly #slots: SlotBuffers;
  readonly #buffers: number;
  readonly #bufferBytes: number;
  readonly #refillBatch: number;
  #consumer = 0;
  #producer = 0;
  /** Slots that the card may not use: those from the producer to the consumer. */
  #used = 0;

  constructor(options: BufferRingOptions) {
    this.#slots = options.slots;
    this.#buffers = options.buffers;
    this.#bufferBytes = options.bufferBytes;
    this.#refillBatch = options.refillBatch;
  }

  open(): void {
    this.#used = this.#buffers;
    this.#refill();
    if (this.#used < this.#buffers) return;
    throw inputError('guest.window.bytes: the card could not map any receive buffer', 'use a larger window');
  }

  receive(bytes: number): boolean {
    let left = bytes;
    do {
      if (this.#used === this.#buffers) this.#refill();
      if (this.#used === this.#buffers) return false;
      const slot = this.#consumer;
      this.#consumer = slot + 1 === this.#buffers ? 0 : slot + 1;
      this.#used++;
      const piece = left < this.#bufferBytes ? left : this.#bufferBytes;
      const isTaken = this.#slots.use(slot, piece);
      if (this.#used >= this.#refillBatch) this.#refill();
      if (!isTaken) return false;
      left -= piece;
    } while (left > 0);
    return true;
  }

  endPoll(): void {
    this.#refill();
  }

  close(): void {
    for (let slot = 0; slot < this.#buffers; slot++) this.#slots.empty(slot);
    this.#slots.close();
    this.#consumer = 0;
    this.#producer = 0;
    this.#used = 0;
  }

  framesOf(bytes: number): number {
    return Math.floor(this.#buffers / Math.ceil(bytes / this.#bufferBytes));
  }

  #refill(): void {
    while (this.#used > 0 && this.#slots.fill(this.#producer)) {
      this.#producer = this.#producer + 1 === this.#buffers ? 0 : this.#producer + 1;
      this.#used--;
    }
  }
}
