import { Execution, type System } from './execution.js';

/** The end of a schedule, from one place on: which actor goes first, and what follows. */
interface Suffix {
  readonly actor: number;
  readonly next: Suffix | null;
  readonly turns: number;
  /** How often another actor goes on than the one before. */
  readonly switches: number;
}

/** All that can come of one state. */
interface Outlook {
  /** Schedules from here to an end; a double, exact up to 2^53. */
  readonly schedules: number;
  /** For each check: how many of them end so that it holds, and the shortest one for each first actor. */
  readonly found: readonly Finding[];
}

interface Finding {
  readonly schedules: number;
  readonly shortest: readonly Suffix[];
}

/** What the schedules of a system come to. */
export interface Exploration {
  /** Different states met; without pruning, states met. */
  readonly states: number;
  /** All schedules that those states stand for. */
  readonly schedules: number;
  /** False where the budget ended the search; then nothing is known of what was left out. */
  readonly isExhaustive: boolean;
  readonly checks: readonly CheckedSchedules[];
}

/** The schedules in which one check holds. */
export interface CheckedSchedules {
  readonly schedules: number;
  /** The one of fewest turns, then of fewest changes of actor, then the first in the order of actors. */
  readonly shortest: readonly number[] | null;
}

/** What to explore, and how far. */
export interface ExplorationPlan<S extends System> {
  readonly build: () => S;
  /** Which checks hold where all actors have ended or the host crashed; `checks` of them. */
  readonly checks: number;
  readonly judge: (end: Execution<S>) => readonly boolean[];
  /** How many states may be met. */
  readonly maxStates: number;
  /** Whether a state met again is not gone through again. */
  readonly prunes: boolean;
}

/**
 * Goes through every schedule of a system, depth first, in the order of its actors. A state that was met before, with
 * the same knowledge in every actor, has the same future: it is not gone through again, but all its schedules count.
 */
export function explore<S extends System>(plan: ExplorationPlan<S>): Exploration {
  const explorer = new Explorer(plan);
  const outlook = explorer.visit(new Execution(plan.build()));
  return {
    states: explorer.states,
    schedules: outlook.schedules,
    isExhaustive: explorer.isExhaustive,
    checks: outlook.found.map(({ schedules, shortest }) => ({
      schedules,
      shortest: turnsOf(shortest.reduce<Suffix | null>(shorter, null)),
    })),
  };
}

class Explorer<S extends System> {
  states = 0;
  isExhaustive = true;
  readonly #plan: ExplorationPlan<S>;
  readonly #path: number[] = [];
  readonly #known = new Map<string, Outlook>();

  constructor(plan: ExplorationPlan<S>) {
    this.#plan = plan;
  }

  /** Everything from here on; uses the execution up. */
  visit(execution: Execution<S>): Outlook {
    if (!this.#plan.prunes) return this.#explore(execution);
    const { key } = execution;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const outlook = this.#explore(execution);
    this.#known.set(key, outlook);
    return outlook;
  }

  #explore(execution: Execution<S>): Outlook {
    if (this.states >= this.#plan.maxStates) {
      this.isExhaustive = false;
      return { schedules: 0, found: Array.from({ length: this.#plan.checks }, () => NOTHING) };
    }
    this.states++;
    const { enabled } = execution;
    if (enabled.length === 0) return endOf(this.#plan.judge(execution));
    const restore = enabled.length > 1 ? execution.checkpoint() : null;
    const outlooks = enabled.map((actor, i) => {
      const branch = i === 0 || restore?.() === true ? execution : this.#rebuild();
      branch.advance(actor, 1);
      this.#path.push(actor);
      const outlook = this.visit(branch);
      this.#path.pop();
      return outlook;
    });
    return this.#join(enabled, outlooks);
  }

  /** A new system, brought to where the search stands. */
  #rebuild(): Execution<S> {
    const execution = new Execution(this.#plan.build());
    const path = this.#path;
    for (let from = 0; from < path.length; ) {
      const actor = path[from] as number;
      let to = from + 1;
      while (path[to] === actor) to++;
      execution.advance(actor, to - from);
      from = to;
    }
    return execution;
  }

  #join(actors: readonly number[], outlooks: readonly Outlook[]): Outlook {
    const found = Array.from({ length: this.#plan.checks }, (_, check) => {
      const findings = outlooks.map((outlook) => outlook.found[check] ?? NOTHING);
      return {
        schedules: sum(findings.map(({ schedules }) => schedules)),
        shortest: findings.flatMap(({ schedules, shortest }, i) =>
          schedules === 0 ? [] : [prefixed(actors[i] as number, shortest)],
        ),
      };
    });
    return { schedules: sum(outlooks.map(({ schedules }) => schedules)), found };
  }
}

const NOTHING: Finding = { schedules: 0, shortest: [] };

/** The empty schedule counts as one that ends here; it has no first actor, so no shortest suffix either. */
function endOf(verdicts: readonly boolean[]): Outlook {
  return { schedules: 1, found: verdicts.map((holds) => ({ schedules: holds ? 1 : 0, shortest: [] })) };
}

/** The shortest schedule that begins with this actor. */
function prefixed(actor: number, suffixes: readonly Suffix[]): Suffix {
  const candidates = suffixes.map((next) => ({
    actor,
    next,
    turns: next.turns + 1,
    switches: next.switches + (next.actor === actor ? 0 : 1),
  }));
  return candidates.reduce<Suffix | null>(shorter, null) ?? { actor, next: null, turns: 1, switches: 0 };
}

function shorter(best: Suffix | null, candidate: Suffix): Suffix {
  if (best === null || candidate.turns < best.turns) return candidate;
  return candidate.turns === best.turns && candidate.switches < best.switches ? candidate : best;
}

function turnsOf(suffix: Suffix | null): number[] | null {
  if (suffix === null) return null;
  const turns: number[] = [];
  for (let at: Suffix | null = suffix; at !== null; at = at.next) turns.push(at.actor);
  return turns;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
