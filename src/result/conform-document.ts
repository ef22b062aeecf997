/** An operation that gave something else than the real kernel did. */
export interface ConformMismatch {
  readonly file: string;
  /** Line of the file, from 1. */
  readonly line: number;
  readonly op: string;
  readonly expected: object;
  readonly actual: object;
  /** What stands beside the entry of a hypercall, behind it; null for other operations. */
  readonly state: ConformState | null;
}

/** The state beside an entry: all numbers in hexadecimal, as in scenarios. */
export interface ConformState {
  /** Index of the entry from the start of the window; null where it is outside. */
  readonly entry: string | null;
  readonly entries: readonly {
    readonly entry: string;
    readonly guestView: string;
    readonly tables: readonly { readonly table: string; readonly hw: string; readonly ua: string | null }[];
  }[];
  readonly regions: readonly { readonly ua: string; readonly used: number; readonly mapped: number }[];
}

/** What came of one file. */
export interface ConformedFile {
  readonly file: string;
  /** The kernel that its first line names. */
  readonly kernel: string;
  /** The revision that ran it. */
  readonly revision: string;
  readonly operations: number;
  readonly mismatches: number;
  /** Whether its last record was cut and left out. */
  readonly truncated: boolean;
}

/** What `conform` found, as `--json` prints it. */
export interface ConformDocument {
  /** How many files were run. */
  readonly files: number;
  readonly operations: number;
  readonly mismatches: number;
  /** The first mismatches in the order of files and lines, {@link MAX_FIRST_MISMATCHES} at most. */
  readonly firstMismatches: readonly ConformMismatch[];
  /** Whether the last record of any file was cut and left out. */
  readonly truncated: boolean;
  readonly perFile: readonly ConformedFile[];
}

/** How many mismatches a document shows: after the first, most only follow from it. */
export const MAX_FIRST_MISMATCHES = 20;
