import type { Revision } from '../path/revisions/revision.js';
import type { RaceVerdict } from '../result/races-document.js';
import type { RaceMachine } from './race-machine.js';
import type { MachineState } from './race-state.js';
import type { ActorLog, Granularity } from './stepper.js';

/** One of those who act at the same time: a vCPU, the guest's own stores, a process with an ioctl. */
export interface Actor {
  readonly name: string;
  /** What it does, in one line. */
  readonly does: string;
  /** Its calls, one after the other; each gives its result in words, the empty string where it has none. */
  readonly calls: readonly Call[];
}

/** A hypercall, an ioctl, or a store of the guest. */
export type Call = (machine: RaceMachine) => string;

/** What a schedule ended in. */
export interface RaceEnd {
  /** What each actor got, in the order of actors. */
  readonly results: readonly string[];
  readonly state: MachineState;
  /** The same after the epilogue of the race; the same state where it has none. */
  readonly stateAfterwards: MachineState;
  /** What the actors of the epilogue got. */
  readonly epilogue: readonly string[];
  readonly logs: readonly ActorLog[];
}

/** What the sources let expect of some revisions. */
export interface Reading {
  readonly revisions: readonly string[];
  readonly verdict: RaceVerdict;
  readonly because: string;
}

/** One thing that a race may show. */
export interface RaceCheck {
  readonly id: string;
  /** What it means where it is found, in one line. */
  readonly title: string;
  /** How finely the actors are interleaved to look for it. */
  readonly granularity: Granularity;
  /**
   * The end states that are no surprise: those of the same actors interleaved less finely, on a machine that may be
   * set up otherwise.
   */
  readonly explainedBy: {
    readonly granularity: Granularity;
    readonly setUp?: (machine: RaceMachine) => void;
  };
  /** Whether it shows at this end. */
  holds(end: RaceEnd, isExplained: boolean): boolean;
  readonly reading: readonly Reading[];
}

/** A race as data. */
export interface Race {
  readonly id: string;
  readonly title: string;
  /** What could go wrong and how, in a few sentences. */
  readonly statement: string;
  readonly actors: readonly Actor[];
  /** What happened before. */
  setUp(machine: RaceMachine): void;
  /** What is done one after the other when all actors have ended, to see what the state is worth. */
  readonly epilogue: readonly Actor[];
  readonly checks: readonly RaceCheck[];
  /** Why the race cannot happen in a revision at all; null where it can be tried. */
  unsuitable(revision: Revision): string | null;
}

/** What the sources let expect of a check in a revision; undefined where nobody has read that revision for it. */
export function readingOf(check: RaceCheck, revision: string): Reading | undefined {
  return check.reading.find(({ revisions }) => revisions.includes(revision));
}

/** For a race that can be tried in every revision. */
export function never(): null {
  return null;
}
