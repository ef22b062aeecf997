import { inputError } from '../errors.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { joinWord, TCE_PERMISSIONS } from '../papr/tce.js';
import type { BootEndSource, WindowSource } from '../result/log-figures.js';
import type { ScanCounts } from './line-scanner.js';
import { LiobnSurvey } from './liobn-survey.js';
import type { LogEvents, LogLine } from './log-line.js';
import { BOOT_PHASE, type Phase } from './phases.js';
import { decodeCall, type TraceCall } from './trace-call.js';
import type { TraceLog } from './trace-log.js';
import { checkOverride, type WindowOverride } from './trace-window.js';

const LIST_BYTES = 4096;
/** A machine has some tens of tables; each of a log is kept for every path, and compared at the end. */
const MAX_TABLES = 1024;
/** LIOBNs that a guest may try. */
const MAX_LIOBNS = 2 ** 16;

/** A TCE table that the replay needs. */
export interface TraceTable {
  readonly liobn: number;
  readonly window: DmaWindow;
  /** Stated by the user, seen being cleared at boot, created by `ddw_create`, or assumed. */
  readonly by: WindowSource;
  /** Whether it was there before the first line of the log; otherwise a `new_table` line makes it. */
  readonly isOlderThanLog: boolean;
}

/** The last line of the boot, and how it was found. */
export interface BootEnd {
  readonly line: number;
  readonly by: BootEndSource;
}

/** What the first pass finds out, so that the second can replay. */
export interface Survey extends ScanCounts {
  /** Hypercalls of all LIOBNs. */
  readonly calls: number;
  /** By LIOBN; one that never succeeded and of which no table is known is not among them. */
  readonly tables: readonly TraceTable[];
  /** Guest memory must reach up to here to hold every page mapped and every list, bytes. */
  readonly guestBytes: number;
  /** Line of the call that reaches highest, 0 if there is none. */
  readonly guestBytesLine: number;
  readonly bootEnd: BootEnd;
  /** What the user should know, one sentence each. */
  readonly warnings: readonly string[];
}

/** What the user states, or what lies beside the log. */
export interface SurveyOptions {
  readonly windows?: readonly WindowOverride[];
  readonly phases?: readonly Phase[] | null;
  /** Lines that are boot, whatever the phases say. */
  readonly bootLines?: number | undefined;
}

/**
 * Reads a log once to learn the windows of its tables, how much guest memory it speaks of and where boot ends.
 *
 * @throws TcebenchError where the log cannot be read or replayed, or has no known event
 */
export async function surveyLog(log: TraceLog, options: SurveyOptions = {}): Promise<Survey> {
  const windows = options.windows ?? [];
  for (const override of windows) checkOverride(override);
  const events = new SurveyEvents(log.name, windows);
  const counts = await log.scan(events);
  if (events.known === 0) throw noKnownEvent(log.name, counts);
  const warnings: string[] = [];
  const tables = events.tables((message) => warnings.push(message));
  if (counts.malformed > 0) {
    const what = counts.malformed === 1 ? 'an event' : `${counts.malformed} events`;
    warnings.push(
      `${log.name}:${counts.firstMalformedLine}: ${what} left out: a field is missing or unreadable`,
    );
  }
  if (counts.truncated) warnings.push(`${log.name}: cut short; used up to line ${counts.lines}`);
  return {
    ...counts,
    calls: events.calls,
    tables,
    guestBytes: events.guestBytes,
    guestBytesLine: events.guestBytesLine,
    bootEnd: bootEnd(options, events.clearingLine),
    warnings,
  };
}

function noKnownEvent(name: string, counts: ScanCounts): Error {
  const what = counts.malformed > 0 ? 'no readable spapr_iommu event' : 'no spapr_iommu event';
  const cut = counts.truncated ? ', and it is cut short' : '';
  const lines = counts.lines === 1 ? '1 line' : `${counts.lines} lines`;
  return inputError(
    `${name}: ${what} in ${lines}${cut}`,
    'record one with qemu-system-ppc64 -trace "spapr_iommu_*" -D FILE',
  );
}

function bootEnd(options: SurveyOptions, clearingLine: number): BootEnd {
  if (options.bootLines !== undefined) return { line: options.bootLines, by: 'boot-lines' };
  const boot = options.phases?.find((phase) => phase.name === BOOT_PHASE);
  if (boot !== undefined) return { line: boot.lineTo, by: 'phases' };
  return clearingLine > 0 ? { line: clearingLine, by: 'clearing' } : { line: 0, by: 'none' };
}

/** The first pass. */
class SurveyEvents implements LogEvents {
  known = 0;
  calls = 0;
  guestBytes = 0;
  guestBytesLine = 0;
  readonly #name: string;
  readonly #overrides: readonly WindowOverride[];
  readonly #liobns = new Map<number, LiobnSurvey>();
  #last: LiobnSurvey | undefined;

  constructor(name: string, overrides: readonly WindowOverride[]) {
    this.#name = name;
    this.#overrides = overrides;
  }

  get clearingLine(): number {
    return Math.max(0, ...Array.from(this.#liobns.values(), (liobn) => liobn.clearing.line));
  }

  event(line: LogLine): boolean {
    const isUsable = this.#use(line);
    if (isUsable) this.known++;
    return isUsable;
  }

  tables(warn: (message: string) => void): TraceTable[] {
    const tables: TraceTable[] = [];
    for (const { liobn } of this.#overrides) {
      if (this.#liobns.has(liobn)) continue;
      warn(`${this.#name}: no line names LIOBN 0x${liobn.toString(16)}, whose window was stated`);
    }
    for (const survey of [...this.#liobns.values()].sort((a, b) => a.liobn - b.liobn)) {
      if (!survey.isReplayed) continue;
      const { liobn, isOlderThanLog } = survey;
      if (tables.length === MAX_TABLES) {
        throw inputError(
          `${this.#name}: has tables of more than ${MAX_TABLES} LIOBNs`,
          'cut the log in parts',
        );
      }
      tables.push({ liobn, ...survey.window(this.#name, warn), isOlderThanLog });
    }
    return tables;
  }

  #use(line: LogLine): boolean {
    switch (line.kind) {
      case 'newTable':
        this.#liobn(line.liobn).newTable();
        return true;
      case 'ddwCreate':
        return this.#liobn(line.liobn).ddwCreate(line, this.#name);
      case 'ddwQuery':
      case 'ddwRemove':
      case 'ddwReset':
        return true;
      default:
        return this.#decode(line);
    }
  }

  #decode(line: LogLine): boolean {
    const liobn = this.#liobn(line.liobn);
    if (!decodeCall(line, liobn.pageShift, null)) return false;
    this.calls++;
    liobn.call(line);
    this.#measureGuest(line, liobn.pageBytes);
    return true;
  }

  #liobn(liobn: number): LiobnSurvey {
    const last = this.#last;
    if (last !== undefined && last.liobn === liobn) return last;
    let survey = this.#liobns.get(liobn);
    if (survey === undefined) {
      if (this.#liobns.size === MAX_LIOBNS) {
        throw inputError(
          `${this.#name}: names more than ${MAX_LIOBNS} LIOBNs`,
          'is it a log of one machine?',
        );
      }
      const override = this.#overrides.find((candidate) => candidate.liobn === liobn);
      survey = new LiobnSurvey(liobn, override);
      this.#liobns.set(liobn, survey);
    }
    this.#last = survey;
    return survey;
  }

  #measureGuest(call: TraceCall, pageBytes: number): void {
    let end = call.kind === 'indirect' ? joinWord(call.tceListHi, call.tceListLo) + LIST_BYTES : 0;
    if (call.effective > 0 && (call.tceLo & TCE_PERMISSIONS) !== 0) {
      const address = joinWord(call.tceHi, call.tceLo) + (call.effective - 1) * call.tceStep;
      end = Math.max(end, (Math.floor(address / pageBytes) + 1) * pageBytes);
    }
    if (end <= this.guestBytes) return;
    this.guestBytes = end;
    this.guestBytesLine = call.line;
  }
}
