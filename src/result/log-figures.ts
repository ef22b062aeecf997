/** Calls by the number of TCEs they carried. */
export type SizeCounts = Readonly<Record<string, number>>;

/** Quantiles of the lifetimes in calls, null where no entry was unmapped. */
export interface LifetimeQuantiles {
  readonly p10: number | null;
  readonly median: number | null;
  readonly p90: number | null;
}

/**
 * Figures of a log or of a part of it. TCEs are table entries; "unmapped" is cleared while live; a lifetime counts
 * the calls from the one that mapped an entry to the one that cleared it.
 */
export interface ScopeFigures {
  /** Of the whole log, in every scope. */
  readonly lines: number;
  readonly calls: number;
  readonly byKind: Readonly<Record<'put' | 'indirect' | 'stuff' | 'get', number>>;
  readonly putMap: number;
  readonly putClear: number;
  readonly byReturnCode: Readonly<Record<string, number>>;
  /** Calls by LIOBN (`0x80000000`), of those that have any. */
  readonly liobns: Readonly<Record<string, number>>;
  readonly tcesMapped: number;
  readonly tcesUnmapped: number;
  readonly clearedWhileEmpty: number;
  /** Over all tables; after boot, what the boot left counts too. */
  readonly liveAtEnd: number;
  readonly peakLive: number;
  /** By the log's own count: 1, `iobaN` + 1, `npages`; calls that failed included. */
  readonly tcesPerCall: Readonly<Record<'putMap' | 'putClear' | 'indirect' | 'stuff', SizeCounts>>;
  readonly lifetimeCalls: LifetimeQuantiles;
}

/**
 * Hypercalls of one phase, as far as the log goes; `callsPerMB` is per 10^6 bytes of payload, null where there was
 * none or where the log ends before the phase does.
 */
export interface PhaseFigures {
  readonly name: string;
  readonly calls: number;
  readonly payloadBytes: number;
  readonly callsPerMB: number | null;
}

/** The figures of one log. */
export interface LogFigures {
  readonly whole: ScopeFigures;
  /** Calls behind the last line of the boot, on the state that it left. */
  readonly afterBoot: ScopeFigures;
  readonly phases: readonly PhaseFigures[];
  /** The phases but the boot that are whole in the log, together; null where no phases are known. */
  readonly allPhases: PhaseFigures | null;
}

/** How the end of boot and the window of a LIOBN were found. */
export type BootEndSource = 'phases' | 'boot-lines' | 'clearing' | 'none';
export type WindowSource = 'override' | 'clearing' | 'ddw' | 'default';
