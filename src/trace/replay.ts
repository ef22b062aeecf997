import type { DmaWindow } from '../papr/dma-window.js';
import type { LogEvents, LogLine } from './log-line.js';
import type { Survey, TraceTable } from './survey.js';
import { DEFAULT_PAGE_SHIFT, decodeCall, type TraceCall } from './trace-call.js';
import type { TraceLog } from './trace-log.js';

/** Takes the history of a log: tables that come and go, and the calls on them. */
export interface CallConsumer {
  /**
   * A table comes into being, empty. One of the same LIOBN that is still there is gone with all its entries (the
   * machine was reset). Called before the first call for the tables that are older than the log.
   */
  newTable(liobn: number, window: DmaWindow): void;

  /** A table ceases to be (`ddw_remove`, `ddw_reset`), with all its entries. */
  removeTable(liobn: number): void;

  /** One hypercall; the record is overwritten afterwards. */
  call(call: TraceCall): void;
}

/** The second pass: reads a log that has been surveyed and hands every call to each consumer, in the log's order. */
export async function replayLog(
  log: TraceLog,
  survey: Survey,
  consumers: readonly CallConsumer[],
): Promise<void> {
  for (const { liobn, window, isOlderThanLog } of survey.tables) {
    if (isOlderThanLog) for (const consumer of consumers) consumer.newTable(liobn, window);
  }
  await log.scan(new ReplayEvents(survey.tables, consumers));
}

class ReplayEvents implements LogEvents {
  readonly #tables: ReadonlyMap<number, TraceTable>;
  readonly #consumers: readonly CallConsumer[];
  /** The host bridge (`buid`) behind each dynamic window. */
  readonly #bridges = new Map<number, { hi: number; lo: number }>();
  #lastLiobn = Number.NaN;
  #lastTable: TraceTable | undefined;

  constructor(tables: readonly TraceTable[], consumers: readonly CallConsumer[]) {
    this.#tables = new Map(tables.map((table) => [table.liobn, table]));
    this.#consumers = consumers;
  }

  event(line: LogLine): boolean {
    switch (line.kind) {
      case 'newTable':
        this.#newTable(line.liobn);
        return true;
      case 'ddwCreate':
        this.#bridges.set(line.liobn, { hi: line.buidHi, lo: line.buidLo });
        return true;
      case 'ddwRemove':
        this.#removeTable(line.liobn);
        return true;
      case 'ddwReset':
        for (const [liobn, { hi, lo }] of this.#bridges) {
          if (hi === line.buidHi && lo === line.buidLo) this.#removeTable(liobn);
        }
        return true;
      case 'ddwQuery':
        return true;
      default:
        return this.#replay(line);
    }
  }

  #replay(line: LogLine): boolean {
    const window = this.#table(line.liobn)?.window ?? null;
    if (!decodeCall(line, window?.pageShift ?? DEFAULT_PAGE_SHIFT, window)) return false;
    for (const consumer of this.#consumers) consumer.call(line);
    return true;
  }

  #newTable(liobn: number): void {
    const table = this.#table(liobn);
    if (table === undefined) return;
    for (const consumer of this.#consumers) consumer.newTable(liobn, table.window);
  }

  #removeTable(liobn: number): void {
    this.#bridges.delete(liobn);
    if (this.#table(liobn) === undefined) return;
    for (const consumer of this.#consumers) consumer.removeTable(liobn);
  }

  #table(liobn: number): TraceTable | undefined {
    if (liobn === this.#lastLiobn) return this.#lastTable;
    this.#lastLiobn = liobn;
    this.#lastTable = this.#tables.get(liobn);
    return this.#lastTable;
  }
}
