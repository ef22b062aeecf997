import type { DmaWindow } from '../papr/dma-window.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import type { LogFigures, ScopeFigures } from '../result/log-figures.js';
import { LiveEntries } from './live-entries.js';
import { PhaseCalls } from './phase-calls.js';
import type { Phase } from './phases.js';
import type { CallConsumer } from './replay.js';
import type { Survey } from './survey.js';
import { Tally } from './tally.js';
import type { TraceCall } from './trace-call.js';

/** One LIOBN of the log; `entries` stays null where no table is known. */
class LiobnFigures {
  readonly liobn: number;
  entries: LiveEntries | null = null;
  bootCalls = 0;
  laterCalls = 0;

  constructor(liobn: number) {
    this.liobn = liobn;
  }
}

/** Counts what a log does, from the log alone: no table or path is asked. One consumer of one replay. */
export class TraceFigures implements CallConsumer {
  readonly #lines: number;
  readonly #bootEndLine: number;
  readonly #phaseCalls: PhaseCalls;
  readonly #hasPhases: boolean;
  readonly #boot = new Tally();
  readonly #later = new Tally();
  readonly #liobns = new Map<number, LiobnFigures>();
  #last: LiobnFigures | undefined;
  #calls = 0;
  #live = 0;
  #peakLive = 0;

  constructor(survey: Survey, phases: readonly Phase[] | null) {
    this.#lines = survey.lines;
    this.#bootEndLine = survey.bootEnd.line;
    this.#phaseCalls = new PhaseCalls(phases ?? [], survey.lines);
    this.#hasPhases = phases !== null;
  }

  newTable(liobn: number, window: DmaWindow): void {
    this.removeTable(liobn);
    this.#liobn(liobn).entries ??= new LiveEntries(window);
  }

  /** A table that is gone holds nothing; calls that the log has on it all the same are counted on an empty one. */
  removeTable(liobn: number): void {
    const { entries } = this.#liobn(liobn);
    if (entries === null) return;
    this.#live -= entries.live;
    entries.reset();
  }

  call(call: TraceCall): void {
    const isBoot = call.line <= this.#bootEndLine;
    const tally = isBoot ? this.#boot : this.#later;
    const figures = this.#liobn(call.liobn);
    if (isBoot) figures.bootCalls++;
    else figures.laterCalls++;
    this.#calls++;
    tally.call(call);
    this.#phaseCalls.call(call.line);
    if (call.effective > 0 && figures.entries !== null) this.#apply(call, figures.entries, tally);
  }

  /** What each table holds when the replay is over, by LIOBN. */
  entries(liobn: number): LiveEntries | null {
    return this.#liobns.get(liobn)?.entries ?? null;
  }

  /** The figures when the replay is over. */
  get figures(): LogFigures {
    const whole = new Tally();
    whole.addAll(this.#boot);
    whole.addAll(this.#later);
    return {
      whole: this.#scope(whole, ({ bootCalls, laterCalls }) => bootCalls + laterCalls),
      afterBoot: this.#scope(this.#later, ({ laterCalls }) => laterCalls),
      phases: this.#phaseCalls.phases,
      allPhases: this.#hasPhases ? this.#phaseCalls.allPhases : null,
    };
  }

  #apply(call: TraceCall, entries: LiveEntries, tally: Tally): void {
    const { effective } = call;
    const first = entries.window.entryOf(call.iobaHi, call.iobaLo);
    const before = entries.live;
    if ((call.tceLo & TCE_PERMISSIONS) === 0) {
      entries.clear(first, effective, this.#calls, tally.lifetimes);
      const unmapped = before - entries.live;
      tally.tcesUnmapped += unmapped;
      tally.clearedWhileEmpty += effective - unmapped;
      this.#live -= unmapped;
      return;
    }
    entries.map(first, effective, call.tceHi, call.tceLo, call.tceStep, this.#calls);
    tally.tcesMapped += effective;
    this.#live += entries.live - before;
    if (this.#live > this.#peakLive) this.#peakLive = this.#live;
  }

  #scope(tally: Tally, callsOf: (liobn: LiobnFigures) => number): ScopeFigures {
    const { calls, byKind, putMap, byReturnCode, sizes } = tally;
    const liobns = [...this.#liobns.values()]
      .filter((figures) => callsOf(figures) > 0)
      .sort((a, b) => a.liobn - b.liobn)
      .map((figures) => [`0x${figures.liobn.toString(16)}`, callsOf(figures)]);
    return {
      lines: this.#lines,
      calls,
      byKind: { ...byKind },
      putMap,
      putClear: byKind.put - putMap,
      byReturnCode,
      liobns: Object.fromEntries(liobns),
      tcesMapped: tally.tcesMapped,
      tcesUnmapped: tally.tcesUnmapped,
      clearedWhileEmpty: tally.clearedWhileEmpty,
      liveAtEnd: this.#live,
      peakLive: this.#peakLive,
      tcesPerCall: {
        putMap: sizes.putMap.counts,
        putClear: sizes.putClear.counts,
        indirect: sizes.indirect.counts,
        stuff: sizes.stuff.counts,
      },
      lifetimeCalls: tally.lifetimes.quantiles(),
    };
  }

  #liobn(liobn: number): LiobnFigures {
    const last = this.#last;
    if (last !== undefined && last.liobn === liobn) return last;
    let figures = this.#liobns.get(liobn);
    if (figures === undefined) {
      figures = new LiobnFigures(liobn);
      this.#liobns.set(liobn, figures);
    }
    this.#last = figures;
    return figures;
  }
}
