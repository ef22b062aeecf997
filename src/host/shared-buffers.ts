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
    if (!this.#attached) this.#buffers.push(new SharedArrayBuffer(bytes));
    const buffer = this.#buffers[this.#next++];
    assert(
      buffer?.byteLength === bytes,
      `buffer ${this.#next - 1} of a shared machine is not ${bytes} bytes`,
    );
    return buffer;
  }

  /**
   * Takes buffers back that nothing uses any more, for the next {@link take} of their length: a machine whose windows
   * come and go for ever must not grow. Only for machines that no other thread shares.
   */
  giveBack(buffers: readonly SharedArrayBuffer[]): void {
    assert(!this.#attached, 'a machine in another thread gives no memory back');
    for (const buffer of buffers) new Uint8Array(buffer).fill(0);
    this.#spare = [...this.#spare, ...buffers];
  }

  /** What another thread needs to build the same machine. */
  get all(): readonly SharedArrayBuffer[] {
    return this.#buffers;
  }
}
