import { assert } from '../errors.js';

/** What a step of an actor does to shared state. */
export type StepKind =
  | 'list read'
  | 'list store'
  | 'userspace view load'
  | 'userspace view store'
  | 'lookup'
  | 'mapped_inc'
  | 'mapped_dec'
  | 'region put'
  | 'unlink'
  | 'exchange'
  | 'guest view store'
  | 'slot read'
  | 'table get'
  | 'table put'
  | 'userspace view free'
  | 'unset window'
  | 'attach'
  | 'other';

/** What a step gives its actor; plain values only, because they are the actor's memory of the step. */
export type StepResult = number | boolean;

/**
 * How often actors may change: at every single step, only between whole operations on one TCE (its hardware part with
 * counts and userspace view; its store to the guest view; its read from the list), or only between whole calls.
 */
export type Granularity = 'step' | 'operation' | 'call';

/** A step that an actor has done. */
export interface LoggedStep {
  readonly kind: StepKind;
  /** Which entry, word, region or address it was about. */
  readonly at: number;
  readonly result: StepResult;
  /** What the actor read in the same moment, see {@link Stepper.observe}. */
  readonly observed: readonly number[];
}

/** A step as it is printed. */
export interface TracedStep {
  readonly actor: number;
  /** Where the call runs: `real mode`, `virtual mode`, `user space`, or empty. */
  readonly rung: string;
  readonly text: string;
}

/** What one actor has done so far. */
export interface ActorLog {
  readonly actor: number;
  readonly steps: LoggedStep[];
  /** The results of {@link steps} as one text: with the program of the actor, all that it knows. */
  key: string;
  /** Steps begun, the one that crashed the host included. */
  begun: number;
}

class Suspended extends Error {}

/** Thrown through the handlers, which know nothing of it, where the turn of an actor ends. */
const SUSPENDED = new Suspended('the turn of this actor is over');

const LEVELS: Readonly<Record<Granularity, number>> = { step: 0, operation: 1, call: 2 };
const ON_AN_ENTRY: ReadonlySet<StepKind> = new Set([
  'exchange',
  'userspace view load',
  'userspace view store',
]);
const NO_ENTRY = -1;

/**
 * Lets plain synchronous code be interleaved at its steps, without threads: an actor runs from its beginning, is given
 * the results of the steps that it has done already from its log, does the next ones on the shared state, and is
 * unwound by an exception where its turn ends. Outside of an actor's turn every step is simply done.
 */
export class Stepper {
  /** Every step as it is done, for printing; null where nobody reads it. */
  readonly trace: TracedStep[] | null;
  /** Called before and after each step on shared state; tests use it to see that nothing changes in between. */
  audit: ((when: 'before' | 'after') => void) | null = null;
  readonly #threshold: number;
  #log: ActorLog | null = null;
  #isInside = false;
  #turns = 0;
  #position = 0;
  #replayedObservations = 0;
  #observed: number[] = [];
  #startsCall = false;
  #entry = NO_ENTRY;
  #rung = '';

  constructor(granularity: Granularity, trace: TracedStep[] | null = null) {
    this.#threshold = LEVELS[granularity];
    this.trace = trace;
  }

  /**
   * Runs an actor until `turns` more of its turns are over or it ends.
   *
   * @returns whether it ended
   */
  run(log: ActorLog, turns: number, actor: () => void): boolean {
    this.#log = log;
    this.#turns = turns;
    this.#position = 0;
    this.#replayedObservations = 0;
    this.#observed = [];
    this.#startsCall = false;
    this.#entry = NO_ENTRY;
    try {
      actor();
      return true;
    } catch (error) {
      if (error !== SUSPENDED) throw error;
      return false;
    } finally {
      this.#log = null;
    }
  }

  /** The next step begins a call: at each granularity others may go first. */
  beginCall(): void {
    this.#startsCall = true;
    this.#rung = '';
  }

  /** Where the call runs from here on, for the trace. */
  enter(rung: string): void {
    this.#rung = rung;
  }

  /**
   * Does one step on shared state, or tells what it gave when it was done. Steps within a step are part of it.
   * `tell` words it for the trace.
   */
  step<T extends StepResult>(kind: StepKind, at: number, act: () => T, tell: (result: T) => string): T {
    const log = this.#log;
    if (log === null || this.#isInside) return act();
    const level = this.#levelOf(kind, at);
    const done = log.steps[this.#position];
    if (done !== undefined) {
      if (done.kind !== kind || done.at !== at) this.#diverged(log, done, kind, at);
      this.#position++;
      this.#replayedObservations = 0;
      return done.result as T;
    }
    if (level >= this.#threshold) {
      if (this.#turns === 0) throw SUSPENDED;
      this.#turns--;
    }
    return this.#doStep(log, kind, at, act, tell);
  }

  /** A step that gives its actor nothing. */
  change(kind: StepKind, at: number, act: () => void, tell: () => string): void {
    this.step(
      kind,
      at,
      () => {
        act();
        return true;
      },
      tell,
    );
  }

  /**
   * Reads shared state in the same moment as the step that follows: what an atomic operation of the kernel gives
   * back, where the model reads it beforehand.
   */
  observe(read: () => number): number {
    const log = this.#log;
    if (log === null || this.#isInside) return read();
    const next = log.steps[this.#position];
    if (next === undefined) {
      const value = read();
      this.#observed.push(value);
      return value;
    }
    const value = next.observed[this.#replayedObservations++];
    assert(value !== undefined, 'an actor read something else when it ran again');
    return value;
  }

  #doStep<T extends StepResult>(
    log: ActorLog,
    kind: StepKind,
    at: number,
    act: () => T,
    tell: (result: T) => string,
  ): T {
    const observed = this.#observed;
    this.#isInside = true;
    log.begun++;
    try {
      this.audit?.('before');
      const result = act();
      this.audit?.('after');
      log.steps.push({ kind, at, result, observed });
      log.key += `${result},${observed.join(' ')};`;
      this.#position++;
      if (this.trace !== null) this.#trace(log, tell(result));
      return result;
    } catch (error) {
      this.#trace(log, `the host stops: ${error instanceof Error ? error.message : error}`);
      throw error;
    } finally {
      this.#isInside = false;
      this.#observed = [];
    }
  }

  #trace({ actor }: ActorLog, text: string): void {
    this.trace?.push({ actor, rung: this.#rung, text });
  }

  /** 2 where a call begins, 1 where an operation on one TCE does, 0 inside of one. */
  #levelOf(kind: StepKind, at: number): number {
    const startsCall = this.#startsCall;
    const before = this.#entry;
    this.#startsCall = false;
    if (ON_AN_ENTRY.has(kind)) this.#entry = at;
    else if (kind === 'list read' || kind === 'guest view store') this.#entry = NO_ENTRY;
    else if (!startsCall) return 0;
    if (startsCall) return 2;
    return this.#entry === NO_ENTRY || (before !== NO_ENTRY && before !== at) ? 1 : 0;
  }

  #diverged(log: ActorLog, done: LoggedStep, kind: StepKind, at: number): never {
    assert(false, `actor ${log.actor} did ${done.kind} ${done.at}, and when it ran again ${kind} ${at}`);
  }
}
