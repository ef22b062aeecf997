import { SharedArena, type SharedArenaHandle } from '../host/shared-arena.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import type { ArmSpec } from './arms.js';

/** The memory of an arm's machine as it is sent to another thread. */
export interface ArmMemory {
  readonly buffers: readonly SharedArrayBuffer[];
  /** Where several threads change tables and counts at once. */
  readonly arena: SharedArenaHandle | null;
}

/**
 * New memory for the machine of an arm, or that of a machine that another of its threads has built. The in-kernel
 * paths of the arms that scale take no lock, so their exchanges and counts must be atomic; under the big lock, and
 * with one writer, plain stores are enough.
 */
export function buffersOf({ isForManyWriters }: ArmSpec, memory: ArmMemory | null): SharedBuffers {
  if (isForManyWriters) return new SharedArena(memory?.arena ?? undefined);
  return new SharedBuffers(memory?.buffers);
}

/** What another thread needs, once the machine is built. */
export function memoryOf(buffers: SharedBuffers): ArmMemory {
  return { buffers: buffers.all, arena: buffers instanceof SharedArena ? buffers.handle : null };
}
