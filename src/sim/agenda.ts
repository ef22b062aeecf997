import { EventQueue } from './event-queue.js';

/** The events of a run and the one that is being handled. One thread. */
export class Agenda {
  /** The time now, in whole picoseconds, and the process that was woken. */
  nowPs = 0;
  id = 0;
  readonly #queue = new EventQueue();
  /** Whether the event of now still stands first in the queue. */
  #isFirst = false;

  /** Wakes a process at a time, which must not be over. */
  at(timePs: number, id: number): void {
    if (!this.#isFirst) {
      this.#queue.push(timePs, id);
      return;
    }
    this.#isFirst = false;
    this.#queue.replaceFirst(timePs, id);
  }

  /** Goes on to the next event; false where there is none. */
  next(): boolean {
    if (this.#isFirst) this.#queue.pop();
    this.#isFirst = this.#queue.size > 0;
    if (!this.#isFirst) return false;
    this.nowPs = this.#queue.time;
    this.id = this.#queue.id;
    return true;
  }
}
