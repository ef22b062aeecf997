import type { CostModel } from '../../cost/cost-model.js';
import type { OperationCounts } from '../../cost/operations.js';
import type { EndedIn } from '../../path/ladder.js';
import type { ReplayedPart } from '../../result/replay-document.js';
import { type LineRange, RangeSnapshots } from '../../trace/range-snapshots.js';
import { PICOSECONDS_PER_NS } from '../../units.js';

interface Totals {
  readonly calls: number;
  readonly counts: OperationCounts;
  readonly endedIn: Readonly<EndedIn>;
}

/** What ranges of lines of a log cost on one path. */
export class ReplayParts {
  readonly #ranges: readonly LineRange[];
  readonly #totals: RangeSnapshots<Totals>;
  #calls = 0;

  /** `counts` and `endedIn` are the running totals of the machine. */
  constructor(ranges: readonly LineRange[], counts: OperationCounts, endedIn: Readonly<EndedIn>) {
    this.#ranges = ranges;
    this.#totals = new RangeSnapshots(ranges, () => ({
      calls: this.#calls,
      counts: counts.slice(),
      endedIn: { ...endedIn },
    }));
  }

  /** Before the call of a line is made; lines never go down. */
  beforeCall(line: number): void {
    this.#totals.before(line);
    this.#calls++;
  }

  /** What a range did, after the last call; to be priced as often as needed. */
  countsOf(range: LineRange): OperationCounts {
    const { before, after } = this.#totals.of(range);
    return after.counts.map((count, operation) => count - (before.counts[operation] as number));
  }

  /** The ranges priced, in their order; after the last call. */
  priced(cost: CostModel): ReplayedPart[] {
    return this.#ranges.map((range) => {
      const { before, after } = this.#totals.of(range);
      return {
        name: range.name,
        calls: after.calls - before.calls,
        modelledNs: cost.operationsPs(this.countsOf(range)) / PICOSECONDS_PER_NS,
        endedIn: {
          real: after.endedIn.real - before.endedIn.real,
          virtual: after.endedIn.virtual - before.endedIn.virtual,
          userspace: after.endedIn.userspace - before.endedIn.userspace,
        },
      };
    });
  }
}
