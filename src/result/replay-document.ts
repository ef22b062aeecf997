import type { DmaFacts } from './dma-facts.js';
import type { DocumentCost, EndedInCounts } from './document-parts.js';
import type { BootEndSource, LogFigures, WindowSource } from './log-figures.js';

/** Modelled cost of a part of a log on one path. */
export interface ReplayedPart {
  readonly name: string;
  readonly calls: number;
  readonly modelledNs: number;
  readonly endedIn: EndedInCounts;
}

/** How the time after boot on one path stands to that on another, draw by draw under the same costs. */
export interface ReplayComparison {
  readonly slow: string;
  readonly fast: string;
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
}

/** A call whose modelled return code, or value read, is not the log's. */
export interface CodeDifference {
  readonly line: number;
  readonly expected: string;
  readonly actual: string;
}

/** A log through one path. */
export interface ReplayedArm {
  readonly id: 'real' | 'virtual' | 'userspace';
  readonly revision: string;
  readonly evidence: string;
  readonly endedIn: EndedInCounts;
  /** Modelled time of all hypercalls at the middle of every cost, and its 5 % and 95 % quantile over the draws. */
  readonly modelledNs: number;
  readonly modelledLowNs: number;
  readonly modelledHighNs: number;
  /** What comes after boot, and the phases. */
  readonly afterBoot: ReplayedPart;
  readonly phases: readonly ReplayedPart[];
  readonly returnCodesEqual: boolean;
  readonly returnCodeDifferences: number;
  /** At most ten. */
  readonly firstDifferences: readonly CodeDifference[];
  readonly hostFaults: number;
  readonly firstHostFault: string | null;
  /** Map and unmap ioctls that failed, which a guest never hears of. */
  readonly vfioErrors: number;
  /** Whether guest view, hardware table, userspace view and mapped counts agree with the log's live set. */
  readonly tablesAgree: boolean;
  readonly firstDisagreement: string | null;
  /** Whether the path did what the log says: every code, every table at the end, and no crash of the host. */
  readonly agreesWithLog: boolean;
  /** How often each primitive operation was done. */
  readonly operations: Readonly<Record<string, number>>;
}

/** A window as it was replayed, and how it is known. */
export interface ReplayedWindow {
  readonly liobn: string;
  readonly start: string;
  readonly bytes: number;
  readonly pageShift: number;
  readonly by: WindowSource;
}

/** One log, its own figures, and what every path made of it. */
export interface ReplayedLog extends LogFigures {
  readonly file: string;
  readonly window: readonly ReplayedWindow[];
  readonly ramBytes: number;
  readonly bootEnd: { readonly line: number; readonly by: BootEndSource };
  readonly truncated: boolean;
  readonly linesWithoutPrefix: number;
  readonly foreignLines: number;
  readonly malformedLines: number;
  /** Where they were asked for. */
  readonly facts?: DmaFacts;
  readonly arms: readonly ReplayedArm[];
  /** null where a path costs nothing after boot, or disagrees with the log. */
  readonly comparison: ReplayComparison | null;
  readonly warnings: readonly string[];
}

/** The result of `replay`. */
export interface ReplayDocument {
  readonly schema: 'tcebench.replay/1';
  readonly clock: 'modelled';
  readonly version: string;
  readonly cost: DocumentCost;
  readonly seed: number;
  readonly draws: number;
  readonly logs: readonly ReplayedLog[];
}
