import type { DmaWindow } from '../papr/dma-window.js';
import { LogLine } from './log-line.js';
import type { Phase } from './phases.js';
import { printCall } from './printed-call.js';
import { RangeSnapshots } from './range-snapshots.js';
import type { CallConsumer } from './replay.js';
import { DEFAULT_PAGE_SHIFT, type TraceCall } from './trace-call.js';
import type { TraceWriter } from './trace-writer.js';

/**
 * Writes a log that is being replayed anew: the same calls with the same codes and fields, without what is no call on
 * a table, and with the stamps of a recording. A recording written so comes out byte for byte. One consumer of one
 * replay.
 */
export class LogRecorder implements CallConsumer {
  readonly #writer: TraceWriter;
  readonly #phases: readonly Phase[];
  readonly #linesBefore: RangeSnapshots<number>;
  readonly #pageShifts = new Map<number, number>();
  readonly #printed = new LogLine();

  constructor(writer: TraceWriter, phases: readonly Phase[]) {
    this.#writer = writer;
    this.#phases = phases;
    this.#linesBefore = new RangeSnapshots(phases, () => writer.lines);
  }

  newTable(liobn: number, window: DmaWindow): void {
    this.#pageShifts.set(liobn, window.pageShift);
    this.#writer.newTable(liobn, window);
  }

  removeTable(liobn: number): void {
    this.#writer.removeTable(liobn);
  }

  call(call: TraceCall): void {
    this.#linesBefore.before(call.line);
    printCall(call, this.#pageShifts.get(call.liobn) ?? DEFAULT_PAGE_SHIFT, this.#printed);
    this.#writer.call(call.kind, this.#printed);
  }

  /** The phases of the log by the lines of the recording, after the last call. */
  get phases(): readonly Phase[] {
    return this.#phases.map((phase) => {
      const { before, after } = this.#linesBefore.of(phase);
      return { ...phase, lineFrom: phase.lineFrom === 1 ? 1 : before + 1, lineTo: after };
    });
  }
}
