import { HOST_FAULT, hcallReturnName } from '../papr/hcall-return.js';
import type { ActorLog, Stepper } from './stepper.js';

/** What an actor ends with where the host crashed under it; nothing happens after it. */
export const CRASH = hcallReturnName(HOST_FAULT);

/** Actors on shared state, from their beginning. Built anew for every way through the schedules. */
export interface System {
  readonly stepper: Stepper;
  /** Each makes at least one step, and ends with what it was given in words. */
  readonly actors: readonly (() => string)[];
  /** All of the shared state, as one text. */
  state(): string;
  /** Remembers the shared state. What it gives back restores it, or is false where that cannot be done. */
  checkpoint(): () => boolean;
}

/** A system on its way along one schedule. */
export class Execution<S extends System = System> {
  readonly system: S;
  readonly logs: readonly ActorLog[];
  /** What each actor ended with; null where it has not ended. */
  readonly results: (string | null)[];

  constructor(system: S) {
    this.system = system;
    this.logs = system.actors.map((_, actor) => ({ actor, steps: [], key: '', begun: 0 }));
    this.results = system.actors.map(() => null);
  }

  /** The actors that can go on, rising; none after a crash of the host. */
  get enabled(): readonly number[] {
    if (this.results.includes(CRASH)) return [];
    return this.logs.map(({ actor }) => actor).filter((actor) => this.results[actor] === null);
  }

  /** What the future depends on: shared state, and what each actor knows. */
  get key(): string {
    const actors = this.logs.map(({ key, actor }) => `${key}${this.results[actor] ?? '?'}`);
    return `${this.system.state()}|${actors.join('|')}`;
  }

  /** Remembers where the execution stands. What it gives back goes back there, or is false where it cannot. */
  checkpoint(): () => boolean {
    const restore = this.system.checkpoint();
    const results = [...this.results];
    const logs = this.logs.map(({ steps, key, begun }) => ({ length: steps.length, key, begun }));
    return () => {
      if (!restore()) return false;
      for (const [actor, log] of this.logs.entries()) {
        const { length, key, begun } = logs[actor] ?? { length: 0, key: '', begun: 0 };
        log.steps.length = length;
        log.key = key;
        log.begun = begun;
        this.results[actor] = results[actor] ?? null;
      }
      return true;
    };
  }

  /** Gives an actor that can go on some turns in a row. */
  advance(actor: number, turns: number): void {
    const { system, logs, results } = this;
    const log = logs[actor];
    const program = system.actors[actor];
    if (log === undefined || program === undefined) return;
    let result = '';
    const hasEnded = system.stepper.run(log, turns, () => {
      result = program();
    });
    if (hasEnded) results[actor] = result;
  }
}
