import { expect, it } from 'vitest';
import { timerFacts } from './timer.js';

it('finds the grain of a timer, and what a reading takes', () => {
  // A clock that moves on by 7 ns at each reading and shows steps of 100 ns.
  let time = 0;
  const { grainNs, readNs } = timerFacts(() => {
    time += 7;
    return (Math.floor(time / 100) * 100) / 1e6;
  });
  expect(grainNs).toBeCloseTo(100, 3);
  expect(readNs).toBeCloseTo(7, 0);
});
