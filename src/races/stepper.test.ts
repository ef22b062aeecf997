import { describe, expect, it } from 'vitest';
import { type ActorLog, type Granularity, Stepper } from './stepper.js';

const log = (): ActorLog => ({ actor: 0, steps: [], key: '', begun: 0 });
const untold = () => '';

describe('a stepper', () => {
  it('does each step once, however often the actor runs again', () => {
    const stepper = new Stepper('step');
    const done: number[] = [];
    const given: number[][] = [];
    const actor = () => {
      const results: number[] = [];
      given.push(results);
      for (let i = 0; i < 3; i++) results.push(stepper.step('other', i, () => done.push(i), untold));
    };
    const own = log();
    expect([1, 1, 1].map((turns) => stepper.run(own, turns, actor))).toEqual([false, false, true]);
    expect(done).toEqual([0, 1, 2]);
    expect(given).toEqual([[1], [1, 2], [1, 2, 3]]);
  });

  it('does as many steps in a row as it has turns, and all of them outside of a turn', () => {
    const stepper = new Stepper('step');
    let done = 0;
    const actor = () => {
      for (let i = 0; i < 5; i++) stepper.change('other', i, () => done++, untold);
    };
    stepper.run(log(), 3, actor);
    expect(done).toBe(3);
    actor();
    expect(done).toBe(8);
  });

  it('takes a step within a step for a part of it', () => {
    const stepper = new Stepper('step');
    const own = log();
    const inner = () => stepper.change('other', 2, () => {}, untold);
    expect(stepper.run(own, 1, () => stepper.change('other', 1, inner, untold))).toBe(true);
    expect(own.steps.map(({ at }) => at)).toEqual([1]);
  });

  it('reads what it observes in the turn of the next step, and gives it again', () => {
    const stepper = new Stepper('step');
    let shared = 1;
    const seen: number[] = [];
    const own = log();
    const actor = () => {
      stepper.change('other', 0, () => {}, untold);
      seen.push(stepper.observe(() => shared));
      stepper.change('other', 1, () => {}, untold);
      stepper.change('other', 2, () => {}, untold);
    };
    stepper.run(own, 1, actor);
    shared = 2;
    stepper.run(own, 1, actor);
    shared = 3;
    stepper.run(own, 1, actor);
    // Too early in the first run, where the step had to wait; then its own moment, twice.
    expect(seen).toEqual([1, 2, 2]);
  });

  it('fails where an actor does something else when it runs again', () => {
    const stepper = new Stepper('step');
    let run = 0;
    const own = log();
    const actor = () => {
      stepper.change('other', run++, () => {}, untold);
      stepper.change('other', 9, () => {}, untold);
    };
    stepper.run(own, 1, actor);
    expect(() => stepper.run(own, 1, actor)).toThrow('actor 0 did other 0, and when it ran again other 1');
  });

  // A call on two entries: read the first word, map it, store it, then the second.
  it.each<[Granularity, number]>([
    ['step', 10],
    ['operation', 5],
    ['call', 2],
  ])('lets others go first at each %s', (granularity, turns) => {
    const stepper = new Stepper(granularity);
    const step = (
      kind: 'list read' | 'mapped_inc' | 'exchange' | 'userspace view store' | 'guest view store',
      at = 0,
    ) => stepper.change(kind, at, () => {}, untold);
    const actor = () => {
      stepper.beginCall();
      step('list read');
      step('mapped_inc');
      step('exchange', 0);
      step('userspace view store', 0);
      step('guest view store', 0);
      stepper.beginCall();
      step('exchange', 0);
      step('userspace view store', 0);
      step('exchange', 1);
      step('userspace view store', 1);
      step('guest view store', 1);
    };
    const own = log();
    let used = 1;
    while (!stepper.run(own, 1, actor)) used++;
    expect(used).toBe(turns);
  });
});
