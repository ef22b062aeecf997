import { inputError } from '../errors.js';
import { type SharedArray, SharedBuffers } from './shared-buffers.js';
import {
  FIRST_FREE_BYTE,
  MAX_MEMORY_PAGES,
  newSharedMemory,
  type SharedMemory,
  type SharedWords,
  sharedWordsOn,
} from './shared-words.js';

/** No two counts, and no count and a table, on one line of a cache. */
const ALIGNMENT_BYTES = 128;
const PAGE_BYTES = 2 ** 16;

/** What another thread needs to build the same machine; may be sent to it. */
export interface SharedArenaHandle {
  readonly memory: SharedMemory;
  readonly buffers: readonly SharedArrayBuffer[];
}

/**
 * The memory of a machine that several threads drive at once. What they change with atomic steps, hardware entries and
 * mapped counts, stands in one shared WebAssembly.Memory, because only WebAssembly has a 64-bit exchange without a
 * BigInt (docs/decisions/0010).
 *
 * Machines are built, and windows and regions come and go, while one thread runs; hypercalls may then come from all.
 */
export class SharedArena extends SharedBuffers {
  override readonly atomics: SharedWords;
  readonly #memory: SharedMemory;
  #end = FIRST_FREE_BYTE;
  #spare: readonly Int32Array<SharedArrayBuffer>[] = [];
  readonly #handedOut = new Set<SharedArray>();

  /** Without a handle: new memory, all zero. With one: the memory of a machine built before. */
  constructor(handle?: SharedArenaHandle) {
    super(handle?.buffers);
    this.#memory = handle?.memory ?? newSharedMemory();
    this.atomics = sharedWordsOn(this.#memory);
  }

  /** What another thread needs, once the machine is built. */
  get handle(): SharedArenaHandle {
    return { memory: this.#memory, buffers: this.all };
  }

  override words(count: number): Int32Array<SharedArrayBuffer> {
    const spare = this.#spare.find(({ length }) => length === count);
    if (spare !== undefined) {
      this.#spare = this.#spare.filter((candidate) => candidate !== spare);
      return spare;
    }
    const start = this.#end;
    const end = start + count * Int32Array.BYTES_PER_ELEMENT;
    this.#end = Math.ceil(end / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    this.#reach(this.#end);
    const words = new Int32Array(this.#memory.buffer, start, count);
    this.#handedOut.add(words);
    return words;
  }

  override giveBack(arrays: readonly SharedArray[]): void {
    super.giveBack(arrays.filter((array) => !this.#isOfArena(array)));
    const words = arrays.filter((array) => this.#isOfArena(array));
    for (const array of words) array.fill(0);
    this.#spare = [...this.#spare, ...words];
  }

  /** Not by the buffer: growing makes a new object of it. */
  #isOfArena(array: SharedArray): array is Int32Array<SharedArrayBuffer> {
    return this.#handedOut.has(array);
  }

  #reach(end: number): void {
    const missing = Math.ceil((end - this.#memory.buffer.byteLength) / PAGE_BYTES);
    if (end > MAX_MEMORY_PAGES * PAGE_BYTES) {
      throw inputError(
        'the tables of a machine for several writers take more than 4 GiB',
        'make its windows smaller',
      );
    }
    if (missing > 0) this.#memory.grow(missing);
  }
}
