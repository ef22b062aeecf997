import type { Nic } from './nic.js';
import type { QueueSet } from './queue-set.js';

/** Connections of a card, served by turns, each by its queue set. One thread. */
export class FlowTurns {
  /** The connection whose turn it is. */
  flow = 0;
  readonly #queueSets: readonly QueueSet[];
  readonly #flows: number;
  #next = 0;

  constructor({ queueSets }: Nic, flows: number) {
    this.#queueSets = queueSets;
    this.#flows = flows;
  }

  /** Begins the next turn: the queue set that serves it. */
  next(): QueueSet {
    const flow = this.#next;
    this.flow = flow;
    this.#next = flow + 1 === this.#flows ? 0 : flow + 1;
    return this.#queueSets[flow % this.#queueSets.length] as QueueSet;
  }

  /** The first connection is next. */
  restart(): void {
    this.#next = 0;
  }
}
