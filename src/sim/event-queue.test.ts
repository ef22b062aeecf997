import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from './event-queue.js';

/** The naive queue: a list in the order of arrival, searched for the first earliest. */
class SortedList {
  readonly #events: { time: number; id: number }[] = [];

  push(time: number, id: number): void {
    this.#events.push({ time, id });
  }

  pop(): { time: number; id: number } | undefined {
    const first = this.#events.reduce(
      (best, { time }, i, all) => (time < (all[best]?.time ?? 0) ? i : best),
      0,
    );
    return this.#events.splice(first, 1)[0];
  }
}

describe('the event queue', () => {
  it('gives events by time, and those of one time as they came', () => {
    const step = fc.record({
      kind: fc.constantFrom('push', 'push', 'pop', 'replace'),
      time: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new EventQueue(2);
        const oracle = new SortedList();
        const first = () => (queue.size === 0 ? undefined : { time: queue.time, id: queue.id });
        steps.forEach(({ kind, time }, id) => {
          if (kind === 'push' || queue.size === 0) {
            queue.push(time, id);
            oracle.push(time, id);
            return;
          }
          expect(first()).toEqual(oracle.pop());
          if (kind === 'pop') queue.pop();
          else {
            queue.replaceFirst(time, id);
            oracle.push(time, id);
          }
        });
        for (; queue.size > 0; queue.pop()) expect(first()).toEqual(oracle.pop());
        expect(oracle.pop()).toBeUndefined();
      }),
    );
  });
});
