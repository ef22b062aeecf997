/** Whether a race shows in a revision. `undecided`: not found, and the budget ended the search. */
export type RaceVerdict = 'found' | 'not found' | 'not applicable' | 'undecided';

/** One thing that a race may show, in one revision. */
export interface RaceRow {
  readonly revision: string;
  readonly check: string;
  readonly verdict: RaceVerdict;
  /** What the kernel's sources let expect; null where nobody has read that revision for it. */
  readonly expected: RaceVerdict | null;
  readonly because: string;
  /** Different states met, and the schedules that they stand for. */
  readonly states: number;
  readonly schedules: number;
  /** How many of the schedules show it. */
  readonly found: number;
  /** False where the budget of states ended the search. */
  readonly exhaustive: boolean;
  /** The shortest schedule that shows it: which actor does each step. */
  readonly schedule: readonly number[] | null;
  /** The command that replays that schedule. */
  readonly replay: string | null;
}

/** One of those who act at the same time. */
export interface RaceActor {
  readonly name: string;
  readonly does: string;
}

/** A race with everything that was found of it. */
export interface ExploredRace {
  readonly id: string;
  readonly title: string;
  readonly statement: string;
  readonly actors: readonly RaceActor[];
  /** What each check means. */
  readonly checks: readonly { readonly id: string; readonly title: string }[];
  readonly rows: readonly RaceRow[];
}

/** What `races` found, as `--json` prints it. */
export interface RacesDocument {
  readonly schema: 'tcebench.races/1';
  /** States that each search was allowed to meet. */
  readonly maxStates: number;
  readonly races: readonly ExploredRace[];
  /** Rows whose verdict is not the expected one; undecided ones are not among them. */
  readonly differences: number;
  readonly undecided: number;
}

/** One step of a schedule. */
export interface RaceStep {
  readonly step: number;
  readonly actor: string;
  /** Where its call runs: `real mode`, `virtual mode`, `user space`; empty for what is no hypercall. */
  readonly rung: string;
  readonly text: string;
}

/** An entry of the window at the end, as text. */
export interface RaceEntry {
  readonly entry: number;
  readonly hardware: string;
  readonly userspaceView: string;
  readonly guestView: string;
}

/** One schedule, step by step, as `races --schedule --json` prints it. */
export interface RaceReplayDocument {
  readonly schema: 'tcebench.race/1';
  readonly race: string;
  readonly title: string;
  readonly revision: string;
  readonly schedule: readonly number[];
  readonly actors: readonly (RaceActor & { readonly result: string })[];
  /** The pages of the guest that the race uses, with their addresses. */
  readonly pages: readonly {
    readonly name: string;
    readonly gpa: string;
    readonly ua: string;
    readonly hpa: string;
    readonly region: number;
  }[];
  readonly steps: readonly RaceStep[];
  /** Entries that any table holds something of. */
  readonly entries: readonly RaceEntry[];
  readonly regions: readonly {
    readonly region: number;
    readonly mapped: number;
    readonly registered: boolean;
  }[];
  /** The hardware table itself. */
  readonly table: { readonly references: number; readonly attached: boolean; readonly freed: boolean };
  /** What was done one after the other when all actors had ended. */
  readonly epilogue: readonly (RaceActor & { readonly result: string })[];
  readonly checks: readonly { readonly id: string; readonly title: string; readonly holds: boolean }[];
}
