import type { OnProgress } from '../experiment/run-progress.js';
import type { SweepProgress } from '../experiment/sweep/pool.js';
import { formatNs, PICOSECONDS_PER_NS } from '../units.js';
import type { Terminal } from './terminal.js';

/** A status line is drawn at most so often. */
const EVERY_MS = 200;
/** What is too short for a guess at the rest. */
const GUESS_AFTER_MS = 1000;

/** Cells of a bar. */
const BAR_CELLS = 24;

/** Draws how far a run is: share, modelled time of the run that is going on, and about how long it will take. */
export function progressLine(terminal: Terminal): OnProgress {
  const draw = drawer(terminal);
  return ({ share, simulatedPs }) =>
    draw(share, (rest) => {
      const simulated = formatNs(simulatedPs / PICOSECONDS_PER_NS);
      return `${(share * 100).toFixed(0)} %, ${simulated} of modelled time${rest}`;
    });
}

/** Draws how far a sweep is: a bar, jobs done and failed, and about how long it will take. */
export function sweepProgress(terminal: Terminal): (progress: SweepProgress) => void {
  const draw = drawer(terminal);
  return ({ done, failed, total }) =>
    draw(done / total, (rest) => {
      const cells = Math.round((done / total) * BAR_CELLS);
      const bar = '█'.repeat(cells) + '░'.repeat(BAR_CELLS - cells);
      return `${bar} ${done} of ${total} jobs${failed === 0 ? '' : `, ${failed} failed`}${rest}`;
    });
}

/** Draws a line at most so often, with a guess at the time that is left; nothing when all is done. */
function drawer(terminal: Terminal): (share: number, line: (rest: string) => string) => void {
  const startMs = Date.now();
  let drawnMs = startMs;
  return (share, line) => {
    const nowMs = Date.now();
    if (share >= 1) terminal.progress('');
    if (share >= 1 || nowMs - drawnMs < EVERY_MS) return;
    drawnMs = nowMs;
    const goneMs = nowMs - startMs;
    const left = goneMs > GUESS_AFTER_MS && share > 0 ? (goneMs / share) * (1 - share) : null;
    terminal.progress(line(left === null ? '' : `, about ${formatNs(left * 1e6)} left`));
  };
}
