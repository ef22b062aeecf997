import type { ScenarioConfig, ScenarioOperation } from '../conform/scenario-operation.js';
import type { Revision } from '../path/revisions/revision.js';
import type { Step } from './observer.js';

/** A scenario of one machine, without its first line. */
export interface InvariantScenario {
  readonly config: ScenarioConfig;
  readonly operations: readonly ScenarioOperation[];
}

/** A rule that one operation at a time must keep. */
export interface StepInvariant {
  readonly id: string;
  /** The rule in one sentence. */
  readonly statement: string;
  /** What the step broke, in one sentence; null where it kept the rule. */
  readonly check: (step: Step) => string | null;
  /** Whether it also looks at a step in which the host crashed, and which stands half done. */
  readonly seesCrashes?: true;
}

/** A rule that is seen only by running a scenario twice, with something changed. */
export interface TwinInvariant {
  readonly id: string;
  readonly statement: string;
  /** What the two runs broke, in one sentence; null where they kept the rule. */
  readonly compare: (scenario: InvariantScenario, revision: Revision) => string | null;
  /** Whether it builds machines of its own, so that most of the lines before the first call are for the reader only. */
  readonly runsOwnMachine?: true;
}

/** Any rule of the suite. */
export type Invariant = StepInvariant | TwinInvariant;
