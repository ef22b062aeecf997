import { assert } from '../errors.js';

/**
 * Hands out the SharedArrayBuffers of a machine, in the order in which its parts ask for them. A machine built
 * again from the same description and the buffers of the first, in another thread, is the same machine: nothing
 * but these buffers ever changes while hypercalls run.
 */
export class SharedBuffers {
  readonly #buffers: SharedArrayBuffer[];
  readonly #attached: boolean;
  #next = 0;

  /** Without `buffers`: new memory, all zero. With them: the memory of a machine built before. */
  constructor(buffers?: readonly SharedArrayBuffer[]) {
    this.#buffers = buffers === undefined ? [] : [...buffers];
    this.#attached = buffers !== undefined;
  }

  /** The next buffer. Untouched pages of a large one cost no memory. */
  take(bytes: number): SharedArrayBuffer {
    if (!this.#attached) this.#buffers.push(new SharedArrayBuffer(bytes));
    const buffer = this.#buffers[this.#next++];
    assert(
      buffer?.byteLength === bytes,
      `buffer ${this.#next - 1} of a shared machine is not ${bytes} bytes`,
    );
    return buffer;
  }

  /** What another thread needs to build the same machine. */
  get all(): readonly SharedArrayBuffer[] {
    return this.#buffers;
  }
}
