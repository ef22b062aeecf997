import type { CostModel } from '../../cost/cost-model.js';
import { OPERATIONS, type OperationCounts } from '../../cost/operations.js';
import type { DmaWindow } from '../../papr/dma-window.js';
import { hcallReturnName } from '../../papr/hcall-return.js';
import { formatWord } from '../../papr/tce.js';
import { Machine, type PathId } from '../../path/machine.js';
import type { Revision } from '../../path/revisions/revision.js';
import { auditTables, type ExpectedEntries } from '../../path/table-audit.js';
import type { CodeDifference, ReplayedArm, ReplayedPart } from '../../result/replay-document.js';
import { issueCall } from '../../trace/issue-call.js';
import type { LineRange } from '../../trace/range-snapshots.js';
import type { CallConsumer } from '../../trace/replay.js';
import type { TraceCall } from '../../trace/trace-call.js';
import { PICOSECONDS_PER_NS } from '../../units.js';
import { intervalOf } from '../draws.js';
import { ReplayParts } from './replay-parts.js';

const MAX_DIFFERENCES = 10;

/** One path under one log: executes every call on a machine of its own and compares codes with the log's. */
export class ReplayArm implements CallConsumer {
  readonly id: PathId;
  readonly #revision: Revision;
  readonly #machine: Machine;
  readonly #afterBoot: LineRange;
  readonly #parts: ReplayParts;
  readonly #differences: CodeDifference[] = [];
  #differing = 0;

  constructor(
    path: PathId,
    revision: Revision,
    ramBytes: number,
    afterBoot: LineRange,
    phases: readonly LineRange[],
  ) {
    this.id = path;
    this.#revision = revision;
    this.#machine = new Machine({ ramBytes, path }, revision);
    const { host, ladder } = this.#machine;
    this.#afterBoot = afterBoot;
    this.#parts = new ReplayParts([afterBoot, ...phases], host.counts, ladder.endedIn);
  }

  newTable(liobn: number, { pageShift, offset, size }: DmaWindow): void {
    this.removeTable(liobn);
    this.#machine.addWindow({ liobn, pageShift, offset, size });
  }

  removeTable(liobn: number): void {
    this.#machine.removeWindow(liobn);
  }

  call(call: TraceCall): void {
    this.#parts.beforeCall(call.line);
    const { ladder, host } = this.#machine;
    const code = issueCall(call, ladder, host);
    if (code !== call.ret) {
      this.#differ(call.line, hcallReturnName(call.ret), hcallReturnName(code));
    } else if (call.kind === 'get' && code === 0) {
      const { resultHi, resultLo } = ladder;
      if (resultHi !== call.tceHi || resultLo !== call.tceLo) {
        this.#differ(call.line, formatWord(call.tceHi, call.tceLo), formatWord(resultHi, resultLo));
      }
    }
  }

  /** What the part after boot did, after the last call. */
  get afterBootCounts(): OperationCounts {
    return this.#parts.countsOf(this.#afterBoot);
  }

  /**
   * The outcome, after the last call: at the chosen costs, and over the draws of them. `expectedOf` is the live set by
   * the log alone.
   */
  result(
    cost: CostModel,
    draws: readonly CostModel[],
    expectedOf: (liobn: number) => ExpectedEntries | null,
  ): ReplayedArm {
    const { host, ladder, userspace } = this.#machine;
    const wholeNs = (model: CostModel) => model.operationsPs(host.counts) / PICOSECONDS_PER_NS;
    const { low, high } = intervalOf(draws.map(wholeNs));
    const [afterBoot, ...phases] = this.#parts.priced(cost) as [ReplayedPart, ...ReplayedPart[]];
    const firstDisagreement = auditTables(this.#machine, expectedOf);
    return {
      id: this.id,
      revision: this.#revision.id,
      evidence: this.#revision.evidence,
      endedIn: { ...ladder.endedIn },
      modelledNs: wholeNs(cost),
      modelledLowNs: low,
      modelledHighNs: high,
      afterBoot,
      phases,
      returnCodesEqual: this.#differing === 0,
      returnCodeDifferences: this.#differing,
      firstDifferences: this.#differences,
      hostFaults: ladder.hostFaults,
      firstHostFault: ladder.hostFaults === 0 ? null : ladder.firstHostFault,
      vfioErrors: userspace.vfioErrors,
      tablesAgree: firstDisagreement === null,
      firstDisagreement,
      agreesWithLog: this.#differing === 0 && firstDisagreement === null && ladder.hostFaults === 0,
      operations: Object.fromEntries(OPERATIONS.map((name, i) => [name, host.counts[i] as number])),
    };
  }

  #differ(line: number, expected: string, actual: string): void {
    this.#differing++;
    if (this.#differences.length < MAX_DIFFERENCES) this.#differences.push({ line, expected, actual });
  }
}
