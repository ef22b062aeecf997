import { describe, expect, it } from 'vitest';
import { Execution, type System } from './execution.js';
import { type ExplorationPlan, explore } from './explorer.js';
import { Stepper } from './stepper.js';

/** Actors that do nothing but take steps. */
function idle(...lengths: readonly number[]): System {
  const stepper = new Stepper('step');
  return {
    stepper,
    actors: lengths.map((length) => () => {
      for (let i = 0; i < length; i++) stepper.change('other', i, nothing, () => '');
      return 'done';
    }),
    state: () => '',
    checkpoint: () => () => true,
  };
}

/** Actors that each add 1 to one counter by a load and a store. */
function counting(actors: number): System & { readonly counter: { value: number } } {
  const stepper = new Stepper('step');
  const counter = { value: 0 };
  const add = () => {
    const loaded = stepper.step(
      'other',
      0,
      () => counter.value,
      () => '',
    );
    const store = () => {
      counter.value = loaded + 1;
    };
    stepper.change('other', 1, store, () => '');
    return 'done';
  };
  return {
    stepper,
    counter,
    actors: Array.from({ length: actors }, () => add),
    state: () => String(counter.value),
    checkpoint: () => {
      const { value } = counter;
      return () => {
        counter.value = value;
        return true;
      };
    },
  };
}

function nothing(): void {}

function planOf<S extends System>(
  build: () => S,
  judge: (end: Execution<S>) => boolean = () => true,
  changes: Partial<ExplorationPlan<S>> = {},
): ExplorationPlan<S> {
  return { build, checks: 1, judge: (end) => [judge(end)], maxStates: 1e6, prunes: true, ...changes };
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function multinomial(...lengths: readonly number[]): number {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return lengths.reduce((quotient, length) => quotient / factorial(length), factorial(total));
}

describe('the explorer', () => {
  it.each([[[1, 1]], [[3, 4]], [[5, 2]], [[2, 2, 2]], [[3, 1, 2]]])(
    'goes through every interleaving of %j steps, pruned or not',
    (lengths) => {
      const expected = multinomial(...lengths);
      for (const prunes of [true, false]) {
        const { schedules, isExhaustive, checks } = explore(
          planOf(() => idle(...lengths), undefined, { prunes }),
        );
        expect(schedules).toBe(expected);
        expect(checks[0]?.schedules).toBe(expected);
        expect(isExhaustive).toBe(true);
      }
    },
  );

  it('meets each state once where it prunes: for idle actors, each pair of positions', () => {
    expect(explore(planOf(() => idle(3, 4))).states).toBe(4 * 5);
  });

  // Of the 6 orders of load, store and load, store, only the two whole ones count to 2.
  it.each([true, false])('finds every lost update (pruning: %s)', (prunes) => {
    const loses = (end: Execution<ReturnType<typeof counting>>) => end.system.counter.value < 2;
    const { schedules, checks } = explore(planOf(() => counting(2), loses, { prunes }));
    expect([schedules, checks[0]?.schedules]).toEqual([6, 4]);
  });

  it('finds every value that three counting actors can leave, as a search by hand does', () => {
    const found = new Map<number, number>();
    for (const order of orders([2, 2, 2])) {
      const loaded = [0, 0, 0];
      const seen = new Set<number>();
      let value = 0;
      for (const actor of order) {
        if (seen.has(actor)) value = (loaded[actor] as number) + 1;
        else loaded[actor] = value;
        seen.add(actor);
      }
      found.set(value, (found.get(value) ?? 0) + 1);
    }
    for (const value of [0, 1, 2, 3]) {
      const leaves = (end: Execution<ReturnType<typeof counting>>) => end.system.counter.value === value;
      expect(explore(planOf(() => counting(3), leaves)).checks[0]?.schedules).toBe(found.get(value) ?? 0);
    }
  });

  it('tells the schedule of fewest changes of actor, then the first, and that it shows what was found', () => {
    const loses = (end: Execution<ReturnType<typeof counting>>) => end.system.counter.value < 2;
    const shortest = explore(planOf(() => counting(2), loses)).checks[0]?.shortest ?? [];
    expect(shortest).toEqual([0, 1, 1, 0]);
    const execution = new Execution(counting(2));
    for (const actor of shortest) execution.advance(actor, 1);
    expect(execution.enabled).toEqual([]);
    expect(loses(execution)).toBe(true);
  });

  it('finds the same without a way back to an earlier state', () => {
    const forward = () => ({ ...counting(3), checkpoint: () => () => false });
    const leaves = (value: number) => (end: Execution<ReturnType<typeof counting>>) =>
      end.system.counter.value === value;
    expect(explore(planOf(forward, leaves(1)))).toEqual(explore(planOf(() => counting(3), leaves(1))));
  });

  it('says where its budget ended it', () => {
    const { states, isExhaustive, schedules } = explore(
      planOf(() => idle(5, 5), undefined, { maxStates: 20 }),
    );
    expect([states, isExhaustive]).toEqual([20, false]);
    expect(schedules).toBeLessThan(multinomial(5, 5));
  });
});

/** Every order of so many steps of each actor. */
function orders(left: readonly number[]): number[][] {
  if (left.every((steps) => steps === 0)) return [[]];
  return left.flatMap((steps, actor) =>
    steps === 0
      ? []
      : orders(left.map((other, i) => other - (i === actor ? 1 : 0))).map((rest) => [actor, ...rest]),
  );
}
