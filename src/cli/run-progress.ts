import { PICOSECONDS_PER_NS } from '../cost/cost-model.js';
import type { OnProgress } from '../experiment/run-progress.js';
import { formatNs } from '../units.js';
import type { Terminal } from './terminal.js';

/** A status line is drawn at most so often. */
const EVERY_MS = 200;
/** What is too short for a guess at the rest. */
const GUESS_AFTER_MS = 1000;

/** Draws how far a run is: share, modelled time of the run that is going on, and about how long it will take. */
export function progressLine(terminal: Terminal): OnProgress {
  const startMs = Date.now();
  let drawnMs = startMs;
  return ({ share, simulatedPs }) => {
    const nowMs = Date.now();
    if (share >= 1) terminal.progress('');
    if (share >= 1 || nowMs - drawnMs < EVERY_MS) return;
    drawnMs = nowMs;
    const goneMs = nowMs - startMs;
    const left = goneMs > GUESS_AFTER_MS && share > 0 ? (goneMs / share) * (1 - share) : null;
    const rest = left === null ? '' : `, about ${formatNs(left * 1e6)} left`;
    terminal.progress(
      `${(share * 100).toFixed(0)} %, ${formatNs(simulatedPs / PICOSECONDS_PER_NS)} of modelled time${rest}`,
    );
  };
}
