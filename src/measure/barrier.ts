/** Who has not come to a barrier after so long never will. */
const ARRIVAL_MILLISECONDS = 30_000;

/** The memory of a barrier that the threads of one arm pass together. */
export function newBarrier(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Waits until `arrivals` threads have come to this barrier in all, so that the slices of several vCPUs begin together.
 * The count only grows: the k-th slice of n threads waits for `k * n`.
 */
export function passBarrier(barrier: SharedArrayBuffer, arrivals: number): void {
  const count = new Int32Array(barrier);
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
  for (let seen = Atomics.load(count, 0); seen < arrivals; seen = Atomics.load(count, 0)) {
    if (Atomics.wait(count, 0, seen, ARRIVAL_MILLISECONDS) === 'timed-out') {
      throw new Error('another vCPU did not come to the barrier');
    }
  }
}
