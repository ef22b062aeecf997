import { inputError } from '../errors.js';
import { EBADF } from '../host/errno.js';
import type { GuestView } from '../host/guest-view.js';
import { Host } from '../host/host.js';
import { HostFault } from '../host/host-fault.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import type { VfioGroup } from '../host/vfio-group.js';
import { InKernelHandlers } from '../path/in-kernel.js';
import { RadixGuestHandlers } from '../path/radix-guest.js';
import type { Revision } from '../path/revisions/revision.js';
import { CountedTable } from './counted-table.js';
import { setReachable } from './real-mode-reach.js';
import { dumpReferences, dumpState, hex, type ReferencesDump, type ScenarioDump } from './scenario-dump.js';
import type { Word } from './scenario-fields.js';
import { type HcallResult, runHcall, type ScenarioHandlers } from './scenario-hcall.js';
import { ScenarioLiobns } from './scenario-liobns.js';
import type { OperationOf, ScenarioConfig, ScenarioOperation, ScenarioWindow } from './scenario-operation.js';
import { type IoctlResult, NOTHING } from './scenario-result.js';
import { ScenarioVfio } from './scenario-vfio.js';
import { type StateAround, stateAround } from './state-around.js';

/** How much user memory the machine of a scenario has. */
const ARENA_BYTES = 2 ** 36;

/** The host would have crashed: never what a real kernel is expected to give. */
interface HostFaultResult {
  readonly hostFault: string;
}

/** What an operation gave, in the words of the format. */
export type OperationResult = IoctlResult | HcallResult | ScenarioDump | ReferencesDump | HostFaultResult;

/** What an observer of a scenario may want otherwise; the outcomes of the operations do not depend on it. */
export interface RunnerOptions {
  /** How much user memory there is, from the start of the arena on. */
  readonly arenaBytes?: number;
  /** Makes the hardware tables. */
  readonly tableClass?: typeof CountedTable;
  /** The memory of tables and counts. */
  readonly buffers?: SharedBuffers;
}

/**
 * One virtual machine of a conformance scenario, from nothing: executes its operations one after the other with the
 * handlers of a revision. An id or a LIOBN that does not exist stands for a bad file descriptor.
 */
export class ScenarioRunner {
  readonly #host: Host;
  readonly #revision: Revision;
  readonly #handlers: ScenarioHandlers;
  readonly #vfio: ScenarioVfio;
  readonly #liobns = new ScenarioLiobns();

  constructor(
    config: ScenarioConfig,
    revision: Revision,
    {
      arenaBytes = ARENA_BYTES,
      tableClass = CountedTable,
      buffers = new SharedBuffers(),
    }: RunnerOptions = {},
  ) {
    if (config.radix && !revision.knowsRadixGuests)
      throw inputError(`revision ${revision.id} knows no radix guests`);
    const { hostPageShift: pageShift, backingShift } = config;
    this.#revision = revision;
    this.#host = new Host({ pageShift, backingShift, bytes: arenaBytes }, buffers, revision.guestView);
    const real = revision.real === null ? null : new InKernelHandlers(this.#host, revision.real);
    this.#handlers = {
      real: real !== null && config.radix ? new RadixGuestHandlers(real) : real,
      virtual: new InKernelHandlers(this.#host, revision.virtual),
      answersGetInVirtualMode: revision.answersGetInVirtualMode,
    };
    this.#vfio = new ScenarioVfio(this.#host, revision, tableClass);
  }

  /** What the operations work on, to be looked at only. */
  get host(): Host {
    return this.#host;
  }

  /** Every hardware table ever made, in the order of their making, to be looked at only. */
  get tables(): readonly CountedTable[] {
    return this.#vfio.tables;
  }

  /** Every group, by rising id, to be looked at only. */
  get groups(): readonly VfioGroup[] {
    return this.#vfio.groups;
  }

  /** Executes one operation; an input error where it cannot be, because the scenario is wrong. */
  run(operation: ScenarioOperation): OperationResult {
    try {
      return this.#execute(operation);
    } catch (error) {
      if (error instanceof HostFault) return { hostFault: error.message };
      throw error;
    }
  }

  /** What stands beside the entry of a hypercall now; null for every other operation. */
  stateAround(operation: ScenarioOperation): StateAround | null {
    if (operation.op !== 'hcall') return null;
    return stateAround(this.#host, this.#liobns.numberOf(operation.liobn), operation.ioba);
  }

  #execute(operation: ScenarioOperation): OperationResult {
    switch (operation.op) {
      case 'config':
        throw inputError('a second config', 'one file is one virtual machine');
      case 'note':
        return NOTHING;
      case 'dump':
        return dumpState(this.#host, this.#vfio.tables, ({ liobn }) => this.#liobns.nameOf(liobn));
      case 'memslot':
        return this.#addMemslot(operation);
      case 'memslotDel':
        this.#host.memslots.delete(operation.gpa);
        return NOTHING;
      case 'userUnmap':
        this.#host.pages.setPresent(operation.ua, operation.size, false);
        return NOTHING;
      case 'userRemap':
        this.#host.pages.setPresent(operation.ua, operation.size, true);
        return NOTHING;
      case 'rmPage':
      case 'rmRegion':
      case 'rmView':
        setReachable(operation, this.#host, this.#vfio.tables, this.#revision);
        return NOTHING;
      case 'writeGuest':
        for (const [i, { hi, lo }] of operation.words.entries()) {
          this.#host.storeWord(operation.gpa + i * 8, hi, lo);
        }
        return NOTHING;
      case 'lockLimit':
        this.#host.locked.setLimit(operation.size);
        return NOTHING;
      case 'references':
        return dumpReferences(this.#host, this.#vfio.tables, this.#vfio.groups);
      case 'createTable':
        return this.#createTable(operation.liobn, operation);
      case 'destroyTable':
        return { ret: this.#host.destroyGuestView(this.#liobns.numberOf(operation.liobn)) };
      case 'groupAdd':
      case 'groupDel':
      case 'deviceCreate':
      case 'deviceClose':
        return { ret: this.#vfio.runOnDevice(operation, null) };
      case 'setSpaprTce':
        return { ret: this.#vfio.runOnDevice(operation, this.#viewOf(operation.liobn)) };
      case 'unregisterEnd':
      case 'tceRemoveEnd':
        return this.#vfio.endRemoval(operation.op);
      case 'userTce':
        return this.#storeByMmap(operation);
      case 'hcall':
        return runHcall(operation, this.#liobns.numberOf(operation.liobn), this.#handlers);
      default:
        return this.#vfio.run(operation);
    }
  }

  #addMemslot({ gpa, ua, size }: OperationOf<'memslot'>): IoctlResult {
    const page = 2 ** this.#host.pages.pageShift;
    if (gpa % page !== 0 || ua % page !== 0 || size % page !== 0) {
      throw inputError('a memory slot that is no multiple of the host page', 'KVM takes no such slot');
    }
    this.#host.memslots.add(gpa, ua, size);
    return NOTHING;
  }

  #createTable(liobn: Word, window: ScenarioWindow): IoctlResult {
    const ret = this.#host.createGuestView(this.#liobns.numberOf(liobn), window);
    const made = this.#viewOf(liobn);
    return ret === 0 && made !== null ? { ret, size: hex(made.window.size) } : { ret };
  }

  /** User space writes the guest view through its mmap. */
  #storeByMmap({ liobn, index, tce }: OperationOf<'userTce'>): IoctlResult {
    const view = this.#viewOf(liobn);
    if (view === null) return { ret: -EBADF };
    if (index >= view.window.size) throw inputError(`userTce at ${index}, behind the end of the table`);
    view.entries.store(index, tce.hi, tce.lo);
    view.allocatePage(index);
    return NOTHING;
  }

  #viewOf(liobn: Word): GuestView | null {
    return this.#host.findGuestView(this.#liobns.numberOf(liobn));
  }
}
