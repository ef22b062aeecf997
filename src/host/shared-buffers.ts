import { assert } from '../errors.js';
import type { SharedWords } from './shared-words.js';

/** A piece of shared memory that was handed out. */
export type SharedArray = ArrayBufferView<SharedArrayBuffer>;

/**
 * Hands out the SharedArrayBuffers of a machine, in the order in which its parts ask for them. A machine built
 * again from the same description and the buffers of the first, in another thread, is the same machine: nothing
 * but these buffers ever changes while hypercalls run.
 */
export class SharedBuffers {
  /** How several threads change {@link words} at once; null where one thread at a time may. */
  readonly atomics: SharedWords | null = null;
  readonly #buffers: SharedArrayBuffer[];
  /**
   * A buffer that is never touched beside each shared one. The engine leaves shared memory out of the account by which it
   * decides when to collect: tens of thousands of small machines, one after another, would fill all memory there is.
   */
  readonly #accounted: ArrayBuffer[] = [];
  readonly #attached: boolean;
  #next = 0;
  #spare: readonly SharedArrayBuffer[] = [];

  /** Without `buffers`: new memory, all zero. With them: the memory of a machine built before. */
  constructor(buffers?: readonly SharedArrayBuffer[]) {
    this.#buffers = buffers === undefined ? [] : [...buffers];
    this.#attached = buffers !== undefined;
  }

  /** Whether the buffers hold what another machine has put there already. */
  get isAttached(): boolean {
    return this.#attached;
  }

  /** The next buffer, all zero. Untouched pages of a large one cost no memory. */
  take(bytes: number): SharedArrayBuffer {
    const spare = this.#spare.find(({ byteLength }) => byteLength === bytes);
    if (spare !== undefined) {
      this.#spare = this.#spare.filter((candidate) => candidate !== spare);
      return spare;
    }
    if (!this.#attached) {
      this.#buffers.push(new SharedArrayBuffer(bytes));
      this.#accounted.push(new ArrayBuffer(bytes));
    }
    const buffer = this.#buffers[this.#next++];
    assert(
      buffer?.byteLength === bytes,
      `buffer ${this.#next - 1} of a shared machine is not ${bytes} bytes`,
    );
    return buffer;
  }

  /** 32-bit words, all zero, of what threads may change at once: table entries and counts. */
  words(count: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.take(count * Int32Array.BYTES_PER_ELEMENT));
  }

  /**
   * Takes memory back that nothing uses any more, for the next one of its length: a machine whose windows come and go
   * for ever must not grow. Only for machines that no other thread shares.
   */
  giveBack(arrays: readonly SharedArray[]): void {
    assert(!this.#attached, 'a machine in another thread gives no memory back');
    for (const { buffer } of arrays) new Uint8Array(buffer).fill(0);
    this.#spare = [...this.#spare, ...arrays.map(({ buffer }) => buffer)];
  }

  /** What another thread needs to build the same machine. */
  get all(): readonly SharedArrayBuffer[] {
    return this.#buffers;
  }
}
