import { grownDoubles, grownInts } from './grown.js';

/**
 * Events to come, the earliest first; of events at one time the one that was put in first. A binary heap on typed
 * arrays: an event is a time and the number of the process that it wakes, and no object stands for it. One thread.
 */
export class EventQueue {
  #size = 0;
  #sequence = 0;
  #times: Float64Array;
  #sequences: Float64Array;
  #ids: Int32Array;

  /** `capacity` is only where it begins; it grows. */
  constructor(capacity = 64) {
    this.#times = new Float64Array(capacity);
    this.#sequences = new Float64Array(capacity);
    this.#ids = new Int32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** The time of the first event; the queue must not be empty. */
  get time(): number {
    return this.#times[0] as number;
  }

  /** The process that the first event wakes. */
  get id(): number {
    return this.#ids[0] as number;
  }

  push(time: number, id: number): void {
    if (this.#size === this.#times.length) this.#grow();
    this.#siftUp(this.#size++, time, this.#sequence++, id);
  }

  /** Takes the first event out. */
  pop(): void {
    const last = --this.#size;
    if (last === 0) return;
    this.#siftDown(this.#times[last] as number, this.#sequences[last] as number, this.#ids[last] as number);
  }

  /** Takes the first event out and puts another in: one walk down the heap instead of two. */
  replaceFirst(time: number, id: number): void {
    this.#siftDown(time, this.#sequence++, id);
  }

  #siftUp(from: number, time: number, sequence: number, id: number): void {
    const times = this.#times;
    const sequences = this.#sequences;
    const ids = this.#ids;
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      // What is put in last has the highest number, so equal times stay in order.
      if ((times[parent] as number) <= time) break;
      times[hole] = times[parent] as number;
      sequences[hole] = sequences[parent] as number;
      ids[hole] = ids[parent] as number;
      hole = parent;
    }
    times[hole] = time;
    sequences[hole] = sequence;
    ids[hole] = id;
  }

  /** Puts an event into the place of the first and lets it sink; `#size` counts it. */
  #siftDown(time: number, sequence: number, id: number): void {
    const times = this.#times;
    const sequences = this.#sequences;
    const ids = this.#ids;
    const size = this.#size;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      let childTime = times[child] as number;
      const right = child + 1;
      if (right < size) {
        const rightTime = times[right] as number;
        if (
          rightTime < childTime ||
          (rightTime === childTime && (sequences[right] as number) < (sequences[child] as number))
        ) {
          child = right;
          childTime = rightTime;
        }
      }
      if (time < childTime || (time === childTime && sequence < (sequences[child] as number))) break;
      times[hole] = childTime;
      sequences[hole] = sequences[child] as number;
      ids[hole] = ids[child] as number;
      hole = child;
    }
    times[hole] = time;
    sequences[hole] = sequence;
    ids[hole] = id;
  }

  #grow(): void {
    const length = Math.max(8, this.#times.length * 2);
    this.#times = grownDoubles(this.#times, length);
    this.#sequences = grownDoubles(this.#sequences, length);
    this.#ids = grownInts(this.#ids, length);
  }
}
