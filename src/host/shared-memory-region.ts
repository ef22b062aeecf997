import { MemoryRegion } from './memory-region.js';
import type { SharedBuffers } from './shared-buffers.js';
import type { SharedWords } from './shared-words.js';

/**
 * A preregistered region whose mapped count several threads may change at once: each change is one step, so of a
 * removal (1 to 0) and a first mapping (1 to 2) exactly one happens. Registering and releasing stay the affair of one
 * thread: `used` and the list of regions are each thread's own.
 */
export class SharedMemoryRegion extends MemoryRegion {
  declare private readonly atomics: SharedWords;
  declare private readonly address: number;

  constructor(ua: number, bytes: number, backingShift: number, buffers: SharedBuffers, atomics: SharedWords) {
    super(ua, bytes, backingShift, buffers);
    this.atomics = atomics;
    this.address = this.mappedCount.byteOffset;
  }

  override get mapped(): number {
    return Atomics.load(this.mappedCount, 0);
  }

  override mappedInc(): boolean {
    return this.atomics.increaseUnlessZero(this.address) !== 0;
  }

  override mappedDec(): void {
    this.atomics.decreaseUnlessOne(this.address);
  }
}
