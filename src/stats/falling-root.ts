/**
 * How near the function comes to the value asked for, as a share of it. Much nearer cannot be asked for: prices are whole
 * picoseconds, so a rate moves in steps.
 */
const PRECISION = 1e-6;
const MAX_STEPS = 80;

/**
 * Where a falling positive function takes a value between `low` and `high`; null where it does not. False position on
 * the reciprocal, which is linear where time is proportional to a cost, with bisections against its one-sided crawl.
 * `precision` is a share of the value; a function that jumps over it is followed to the jump.
 */
export function fallingRoot(
  f: (x: number) => number,
  value: number,
  low: number,
  high: number,
  precision = PRECISION,
): number | null {
  const excess = (x: number): number => 1 / f(x) - 1 / value;
  let [from, to] = [low, high];
  let atFrom = excess(from);
  let atTo = excess(to);
  if (atFrom > precision / value || atTo < -precision / value) return null;
  for (let step = 0; step < MAX_STEPS; step++) {
    const share = step % 3 === 2 || atTo === atFrom ? 0.5 : -atFrom / (atTo - atFrom);
    const x = from + (to - from) * Math.min(1, Math.max(0, share));
    const at = excess(x);
    if (Math.abs(at) <= precision / value) return x;
    if (at > 0) [to, atTo] = [x, at];
    else [from, atFrom] = [x, at];
  }
  return (from + to) / 2;
}
