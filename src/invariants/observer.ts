import type { ScenarioConfig, ScenarioOperation } from '../conform/scenario-operation.js';
import { type OperationResult, ScenarioRunner } from '../conform/scenario-runner.js';
import type { OperationCounts } from '../cost/operations.js';
import type { Host } from '../host/host.js';
import type { IommuTable } from '../host/iommu-table.js';
import { joinWord } from '../papr/tce.js';
import type { Revision } from '../path/revisions/revision.js';
import { type MachineState, stateOf } from './machine-state.js';
import { RecordingTable, type Swap } from './recording-table.js';
import { type Request, requestOf } from './request.js';

/** Enough for the memory of every scenario that the suite makes. */
const ARENA_BYTES = 2 ** 22;

const REFUSED_DURING_REMOVAL: readonly ScenarioOperation['op'][] = [
  'register',
  'unregister',
  'unregisterBegin',
  'containerClose',
];

/** A group whose table was asked to follow a guest view, by the ioctls that said so. */
export interface Attachment {
  readonly group: number;
  readonly liobn: number;
  readonly table: IommuTable;
}

/** One operation with everything that it did. */
export interface Step {
  readonly revision: Revision;
  readonly host: Host;
  /** log2 of the pages behind guest memory. */
  readonly backingShift: number;
  readonly operation: ScenarioOperation;
  readonly result: OperationResult;
  /** What a hypercall asks of a guest view; null for everything else. */
  readonly request: Request | null;
  readonly before: MachineState;
  readonly after: MachineState;
  readonly swaps: readonly Swap[];
  /** The primitive operations that it took. */
  readonly counts: OperationCounts;
  /** Whether anything is out of the reach of real mode: a page's descriptor, a userspace view. */
  readonly isPageOutOfReach: boolean;
  readonly isUserspaceViewOutOfReach: boolean;
  /** The hardware tables whose container was ever asked to map, even where that failed. */
  readonly mappedByUser: ReadonlySet<string>;
  /** Whether guest views, KVM-VFIO device and containers are all closed, and no removal stands still. */
  readonly isTornDown: boolean;
  /** The attachments before the operation. */
  readonly attachments: readonly Attachment[];
  readonly previous: Step | null;
}

/** Runs a scenario with one revision and tells of each operation what it did. */
export class Observer {
  readonly #runner: ScenarioRunner;
  readonly #revision: Revision;
  readonly #backingShift: number;
  readonly #tablesOfContainer = new Map<number, readonly string[]>();
  readonly #tablesOfGroup = new Map<number, readonly string[]>();
  readonly #pagesOutOfReach = new Set<number>();
  readonly #openContainers = new Set<number>();
  readonly #userspaceViewsOutOfReach = new Set<string>();
  #mappedByUser: ReadonlySet<string> = new Set();
  #attachments: readonly Attachment[] = [];
  #isRemovalPending = false;
  #isDeviceOpen = true;
  #hasCrashed = false;
  #state: MachineState;
  #previous: Step | null = null;

  constructor(config: ScenarioConfig, revision: Revision) {
    this.#runner = new ScenarioRunner(config, revision, {
      arenaBytes: ARENA_BYTES,
      tableClass: RecordingTable,
    });
    this.#revision = revision;
    this.#backingShift = config.backingShift;
    this.#state = stateOf(this.#runner);
  }

  /** Whether an operation can happen now: the format has one removal at a time, and a host that crashed is gone. */
  accepts({ op }: ScenarioOperation): boolean {
    if (this.#hasCrashed) return false;
    if (op === 'unregisterEnd') return this.#isRemovalPending;
    return !(this.#isRemovalPending && REFUSED_DURING_REMOVAL.includes(op));
  }

  /** Executes an operation that it accepts. */
  step(operation: ScenarioOperation): Step {
    const runner = this.#runner;
    const { host } = runner;
    const before = this.#state;
    const request = requestOf(operation, before, host);
    const counts = host.counts.slice();
    const attachments = this.#attachments;
    const mappedByUser = this.#mappedByUser;
    const result = runner.run(operation);
    const after = stateOf(runner, before);
    for (const [i, count] of host.counts.entries()) counts[i] = count - (counts[i] ?? 0);
    this.#remember(operation, result, after);
    const step: Step = {
      revision: this.#revision,
      host,
      backingShift: this.#backingShift,
      operation,
      result,
      request,
      before,
      after,
      swaps: runner.tables.flatMap((table) => (table instanceof RecordingTable ? table.takeSwaps() : [])),
      counts,
      isPageOutOfReach: this.#pagesOutOfReach.size > 0,
      isUserspaceViewOutOfReach: this.#userspaceViewsOutOfReach.size > 0,
      attachments,
      mappedByUser,
      isTornDown: this.#isTornDown(after),
      // One step back is enough, and a longer chain would keep every state alive.
      previous: this.#previous === null ? null : { ...this.#previous, previous: null },
    };
    this.#state = after;
    this.#previous = step;
    return step;
  }

  #isTornDown({ views }: MachineState): boolean {
    return (
      views.length === 0 && !this.#isDeviceOpen && !this.#isRemovalPending && this.#openContainers.size === 0
    );
  }

  #remember(operation: ScenarioOperation, result: OperationResult, after: MachineState): void {
    if ('hostFault' in result) this.#hasCrashed = true;
    const isDone = 'ret' in result && result.ret === 0;
    switch (operation.op) {
      case 'container':
        this.#openContainers.add(operation.container);
        this.#tablesOfContainer.set(
          operation.container,
          operation.tables.flatMap((table) => table?.table ?? []),
        );
        break;
      case 'containerClose':
        this.#openContainers.delete(operation.container);
        break;
      case 'deviceClose':
        this.#isDeviceOpen = false;
        this.#attachments = [];
        break;
      case 'group':
        this.#tablesOfGroup.set(operation.group, this.#tablesOfContainer.get(operation.container) ?? []);
        break;
      case 'unregisterBegin':
        this.#isRemovalPending = 'pending' in result && result.pending === true;
        break;
      case 'unregisterEnd':
        this.#isRemovalPending = false;
        break;
      case 'vfioMap': {
        const tables = this.#tablesOfContainer.get(operation.container) ?? [];
        this.#mappedByUser = new Set([...this.#mappedByUser, ...tables]);
        break;
      }
      case 'rmPage':
        mark(this.#pagesOutOfReach, operation.ua, !operation.available);
        break;
      case 'rmView':
        mark(this.#userspaceViewsOutOfReach, operation.table, !operation.available);
        break;
      case 'setSpaprTce':
        if (isDone) this.#attach(operation.group, joinWord(operation.liobn.hi, operation.liobn.lo), after);
        break;
      case 'groupDel':
        this.#attachments = this.#attachments.filter(({ group }) => group !== operation.group);
        break;
      case 'destroyTable': {
        const closed = joinWord(operation.liobn.hi, operation.liobn.lo);
        this.#attachments = this.#attachments.filter(({ liobn }) => liobn !== closed);
        break;
      }
    }
  }

  /** The first table of the group that fits, as the ioctl takes it. */
  #attach(group: number, liobn: number, { views, tables }: MachineState): void {
    const view = views.find((candidate) => candidate.liobn === liobn);
    const names = this.#tablesOfGroup.get(group) ?? [];
    const found = tables.find(
      ({ table }) =>
        names.includes(table.name) &&
        table.pageShift === view?.window.pageShift &&
        table.window.offset === view.window.offset,
    );
    if (found !== undefined) this.#attachments = [...this.#attachments, { group, liobn, table: found.table }];
  }
}

function mark<T>(set: Set<T>, item: T, isIn: boolean): void {
  if (isIn) set.add(item);
  else set.delete(item);
}

/**
 * Runs a scenario and calls `visit` after each operation, until it returns true. Operations that cannot happen when
 * their turn comes are left out. Returns the indices of those that were executed.
 */
export function observe(
  config: ScenarioConfig,
  operations: readonly ScenarioOperation[],
  revision: Revision,
  visit: (step: Step) => boolean,
): readonly number[] {
  const observer = new Observer(config, revision);
  const executed: number[] = [];
  for (const [index, operation] of operations.entries()) {
    if (!observer.accepts(operation)) continue;
    executed.push(index);
    if (visit(observer.step(operation))) break;
  }
  return executed;
}
