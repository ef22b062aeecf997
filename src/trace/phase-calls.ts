import type { PhaseFigures } from '../result/log-figures.js';
import { BOOT_PHASE, type Phase } from './phases.js';
import { RangeSnapshots } from './range-snapshots.js';

/** Counts the calls of each phase. */
export class PhaseCalls {
  readonly #phases: readonly Phase[];
  readonly #callsAt: RangeSnapshots<number>;
  #calls = 0;

  constructor(phases: readonly Phase[]) {
    this.#phases = phases;
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
      return figures(phase.name, after - before, phase.payloadBytes);
    });
  }

  /** All phases but the boot. */
  get allPhases(): PhaseFigures {
    const workload = this.phases.filter(({ name }) => name !== BOOT_PHASE);
    const calls = workload.reduce((sum, phase) => sum + phase.calls, 0);
    const payloadBytes = workload.reduce((sum, phase) => sum + phase.payloadBytes, 0);
    return figures('all phases', calls, payloadBytes);
  }
}

function figures(name: string, calls: number, payloadBytes: number): PhaseFigures {
  return { name, calls, payloadBytes, callsPerMB: payloadBytes > 0 ? calls / (payloadBytes / 1e6) : null };
}
