import type { PhaseFigures } from '../result/log-figures.js';
import { BOOT_PHASE, isWhole, type Phase } from './phases.js';
import { RangeSnapshots } from './range-snapshots.js';

/** Counts the calls of each phase. */
export class PhaseCalls {
  readonly #phases: readonly Phase[];
  readonly #lines: number;
  readonly #callsAt: RangeSnapshots<number>;
  #calls = 0;

  /** `lines`: how many the log has; a phase that ends beyond them has no whole count. */
  constructor(phases: readonly Phase[], lines: number) {
    this.#phases = phases;
    this.#lines = lines;
    this.#callsAt = new RangeSnapshots(phases, () => this.#calls);
  }

  /** A call on a line; lines never go down. */
  call(line: number): void {
    this.#callsAt.before(line);
    this.#calls++;
  }

  /** In the order of the phases file. */
  get phases(): readonly PhaseFigures[] {
    return this.#phases.map((phase) => {
      const { before, after } = this.#callsAt.of(phase);
      const counted = figures(phase.name, after - before, phase.payloadBytes);
      return isWhole(phase, this.#lines) ? counted : { ...counted, callsPerMB: null };
    });
  }

  /** All phases but the boot that are whole in the log. */
  get allPhases(): PhaseFigures {
    const whole = this.#phases.map((phase) => phase.name !== BOOT_PHASE && isWhole(phase, this.#lines));
    const workload = this.phases.filter((_, i) => whole[i]);
    const calls = workload.reduce((sum, phase) => sum + phase.calls, 0);
    const payloadBytes = workload.reduce((sum, phase) => sum + phase.payloadBytes, 0);
    return figures('all phases', calls, payloadBytes);
  }
}

function figures(name: string, calls: number, payloadBytes: number): PhaseFigures {
  return { name, calls, payloadBytes, callsPerMB: payloadBytes > 0 ? calls / (payloadBytes / 1e6) : null };
}
