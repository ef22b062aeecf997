import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClearingRun } from './clearing-run.js';

type Event = { readonly start: number; readonly end: number } | 'other';

/** The longest stretch of events that clears [0, end) piece after piece; of equally long ones the last. */
function naive(events: readonly Event[]): { end: number; line: number } {
  let longest = { end: 0, line: 0 };
  for (let first = 0; first < events.length; first++) {
    let end = 0;
    for (let last = first; last < events.length; last++) {
      const event = events[last];
      if (event === undefined || event === 'other' || event.start !== end) break;
      end = event.end;
      if (end >= longest.end) longest = { end, line: last + 1 };
    }
  }
  return longest;
}

describe('the clearing of a table at boot', () => {
  it('is the longest gapless run of clears from IOBA 0', () => {
    const piece = fc
      .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 3 }))
      .map(([start, pages]) => ({ start, end: start + pages }));
    const going = fc.constantFrom<Event[]>([
      { start: 0, end: 2 },
      { start: 2, end: 4 },
      { start: 4, end: 7 },
    ]);
    const events = fc.array(
      fc.oneof(
        piece.map((event) => [event]),
        going,
        fc.constant<Event[]>(['other']),
      ),
    );
    fc.assert(
      fc.property(events, (parts) => {
        const all = parts.flat();
        const run = new ClearingRun();
        for (const [i, event] of all.entries()) {
          if (event === 'other') run.interrupt();
          else run.clear(event.start, event.end, i + 1);
        }
        const { end, line } = run;
        expect({ end, line }).toEqual(naive(all));
      }),
      { numRuns: 1000 },
    );
  });

  it('is not found where nothing is cleared', () => {
    const run = new ClearingRun();
    run.clear(0, 0, 1);
    run.clear(5, 9, 2);
    expect([run.end, run.line]).toEqual([0, 0]);
  });
});
