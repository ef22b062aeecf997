import type { Phase } from './phases.js';
import { TraceWriter } from './trace-writer.js';

/** A log being written, and in the end the phases that its lines belong to. One thread. */
export class Recording {
  readonly writer: TraceWriter;
  #phases: readonly Phase[] = [];

  /** `take` gets the bytes of the log; they are overwritten once it returns. */
  constructor(take: (bytes: Uint8Array) => void) {
    this.writer = new TraceWriter(take);
  }

  /** Empty where nobody knows them. */
  get phases(): readonly Phase[] {
    return this.#phases;
  }

  /** The last line is written. */
  finish(phases: readonly Phase[]): void {
    this.#phases = phases;
    this.writer.flush();
  }
}
