import { inputError } from '../errors.js';
import { EBADF, EINVAL } from '../host/errno.js';
import { Host } from '../host/host.js';
import { HostFault } from '../host/host-fault.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import type { MemoryRegion } from '../host/memory-region.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import type { SpaprTceTable } from '../host/spapr-tce-table.js';
import { MAX_TABLE_ENTRIES } from '../host/tce-entries.js';
import { VfioContainer } from '../host/vfio-container.js';
import { DmaWindow } from '../papr/dma-window.js';
import { formatWord, highHalf, joinWord, lowHalf, TCE_READ, TCE_WRITE } from '../papr/tce.js';
import { guestViewSize } from '../path/guest-view-size.js';
import { InKernelHandlers } from '../path/in-kernel.js';
import { RadixGuestHandlers } from '../path/radix-guest.js';
import type { Revision } from '../path/revisions/revision.js';
import { leafShiftOf } from '../path/table-levels.js';
import { CountedTable } from './counted-table.js';
import { dumpState, type ScenarioDump } from './scenario-dump.js';
import type { Word } from './scenario-fields.js';
import { type HcallResult, runHcall, type ScenarioHandlers } from './scenario-hcall.js';
import type {
  OperationOf,
  ScenarioConfig,
  ScenarioOperation,
  ScenarioTable,
  ScenarioWindow,
} from './scenario-operation.js';
import { type StateAround, stateAround } from './state-around.js';

/** How much user memory the machine of a scenario has. */
const ARENA_BYTES = 2 ** 36;

/** What an operation that is neither a hypercall nor a dump gave; empty where it gives nothing. */
interface IoctlResult {
  /** 0 or a negative errno. */
  readonly ret?: number;
  /** createTable: entries of the new table. */
  readonly size?: string;
  /** unregisterBegin: whether the removal stands still. */
  readonly pending?: boolean;
}

/** The host would have crashed: never what a real kernel is expected to give. */
interface HostFaultResult {
  readonly hostFault: string;
}

/** What an operation gave, in the words of the format. */
export type OperationResult = IoctlResult | HcallResult | ScenarioDump | HostFaultResult;

const NOTHING: IoctlResult = {};

/**
 * One virtual machine of a conformance scenario, from nothing: executes its operations one after the other with the
 * handlers of a revision. An id or a LIOBN that does not exist stands for a bad file descriptor.
 */
export class ScenarioRunner {
  readonly #host: Host;
  readonly #revision: Revision;
  readonly #handlers: ScenarioHandlers;
  readonly #device: KvmVfioDevice;
  readonly #tables: CountedTable[] = [];
  readonly #containers = new Map<number, VfioContainer>();
  readonly #groups = new Map<number, VfioContainer>();
  /** Every LIOBN ever named, by the number that stands for it. */
  readonly #liobns = new Map<number, string>();
  #removal: { readonly container: VfioContainer; readonly region: MemoryRegion } | null = null;

  constructor(config: ScenarioConfig, revision: Revision) {
    if (config.radix && !revision.knowsRadixGuests)
      throw inputError(`revision ${revision.id} knows no radix guests`);
    const { hostPageShift: pageShift, backingShift } = config;
    this.#host = new Host({ pageShift, backingShift, bytes: ARENA_BYTES }, new SharedBuffers());
    this.#revision = revision;
    const real = revision.real === null ? null : new InKernelHandlers(this.#host, revision.real);
    this.#handlers = {
      real: real !== null && config.radix ? new RadixGuestHandlers(real) : real,
      virtual: new InKernelHandlers(this.#host, revision.virtual),
      answersGetInVirtualMode: revision.answersGetInVirtualMode,
    };
    this.#device = new KvmVfioDevice(this.#host, revision.attach);
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
    return stateAround(this.#host, this.#liobn(operation.liobn), operation.ioba);
  }

  #execute(operation: ScenarioOperation): OperationResult {
    switch (operation.op) {
      case 'config':
        throw inputError('a second config', 'one file is one virtual machine');
      case 'note':
        return NOTHING;
      case 'dump':
        return dumpState(this.#host, this.#tables, (view) => this.#liobns.get(view.liobn) ?? '');
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
        this.#host.pages.setReachableInRealMode(operation.ua, operation.available);
        return NOTHING;
      case 'writeGuest':
        for (const [i, { hi, lo }] of operation.words.entries()) {
          this.#host.storeWord(operation.gpa + i * 8, hi, lo);
        }
        return NOTHING;
      case 'createTable':
        return this.#createTable(operation.liobn, operation);
      case 'destroyTable':
        return { ret: this.#host.destroyGuestView(this.#liobn(operation.liobn)) };
      case 'container':
        return this.#addContainer(operation.container, operation.tables);
      case 'group':
        return this.#addGroup(operation.group, operation.container);
      case 'groupAdd':
      case 'groupDel':
      case 'setSpaprTce':
        return { ret: this.#runOnGroup(operation) };
      case 'register':
      case 'unregister':
      case 'vfioMap':
      case 'vfioUnmap':
        return { ret: this.#runOnContainer(operation) };
      case 'unregisterBegin':
        return this.#beginUnregister(operation);
      case 'unregisterEnd':
        return this.#endUnregister();
      case 'userTce':
        return this.#storeByMmap(operation);
      case 'hcall':
        return runHcall(operation, this.#liobn(operation.liobn), this.#handlers);
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
    if (window.size === 0) return { ret: -EINVAL };
    const size = guestViewSize(window.size, this.#host.pages.pageShift, this.#revision);
    const growsOnDemand = this.#revision.guestViewPages === 'on-demand';
    const made = dmaWindow({ ...window, size });
    const ret = this.#host.createGuestView(this.#liobn(liobn), made, growsOnDemand);
    return ret === 0 ? { ret, size: formatWord(highHalf(size), lowHalf(size)) } : { ret };
  }

  #addContainer(container: number, tables: readonly (ScenarioTable | null)[]): IoctlResult {
    if (this.#containers.has(container)) throw inputError(`a second container ${container}`);
    const made = tables.map((table) => (table === null ? null : this.#newTable(table)));
    this.#tables.push(...made.filter((table) => table !== null));
    this.#containers.set(container, new VfioContainer(this.#host, made, this.#revision.vfio));
    return NOTHING;
  }

  #newTable(table: ScenarioTable): CountedTable {
    const { pages, buffers } = this.#host;
    const { hasViewFromCreation } = this.#revision;
    const window = dmaWindow(table);
    const leafShift = hasViewFromCreation ? leafShiftOf(window, pages.pageShift) : undefined;
    const made = new CountedTable(table.table, window, pages, buffers, leafShift);
    if (hasViewFromCreation && !made.isSparse) made.allocateUserspaceView();
    return made;
  }

  #addGroup(group: number, container: number): IoctlResult {
    const owner = this.#containers.get(container);
    if (owner === undefined) throw inputError(`group ${group} in container ${container}, which is not there`);
    if (this.#groups.has(group)) throw inputError(`a second group ${group}`);
    this.#groups.set(group, owner);
    return NOTHING;
  }

  #runOnGroup(operation: OperationOf<'groupAdd' | 'groupDel' | 'setSpaprTce'>): number {
    const container = this.#groups.get(operation.group);
    if (container === undefined) return -EBADF;
    if (operation.op === 'groupAdd') return this.#device.groupAdd(operation.group, container);
    if (operation.op === 'groupDel') return this.#device.groupDel(operation.group);
    return this.#device.setSpaprTce(operation.group, this.#liobn(operation.liobn));
  }

  #runOnContainer(operation: OperationOf<'register' | 'unregister' | 'vfioMap' | 'vfioUnmap'>): number {
    const container = this.#containers.get(operation.container);
    if (container === undefined) return -EBADF;
    const { size } = operation;
    if (operation.op === 'register') return container.registerMemory(operation.ua, size);
    if (operation.op === 'unregister') return container.unregisterMemory(operation.ua, size);
    const { iova } = operation;
    if (operation.op === 'vfioUnmap') return container.unmapDma(iova.hi, iova.lo, size);
    const permissions = (operation.read ? TCE_READ : 0) | (operation.write ? TCE_WRITE : 0);
    return container.mapDma(iova.hi, iova.lo, operation.ua, size, permissions);
  }

  #beginUnregister({ container: id, ua, size }: OperationOf<'unregisterBegin'>): IoctlResult {
    if (this.#removal !== null) throw inputError('a second removal while one is pending');
    const container = this.#containers.get(id);
    if (container === undefined) return { pending: false, ret: -EBADF };
    const { result, region } = container.beginUnregister(ua, size);
    if (region === null) return { pending: false, ret: result };
    this.#removal = { container, region };
    return { pending: true };
  }

  #endUnregister(): IoctlResult {
    if (this.#removal === null) throw inputError('unregisterEnd without a pending removal');
    const { container, region } = this.#removal;
    container.endUnregister(region);
    this.#removal = null;
    return { ret: 0 };
  }

  /** User space writes the guest view through its mmap. */
  #storeByMmap({ liobn, index, tce }: OperationOf<'userTce'>): IoctlResult {
    const view: SpaprTceTable | null = this.#host.findGuestView(this.#liobn(liobn));
    if (view === null) return { ret: -EBADF };
    if (index >= view.window.size) throw inputError(`userTce at ${index}, behind the end of the table`);
    view.entries.store(index, tce.hi, tce.lo);
    view.allocatePage(index);
    return NOTHING;
  }

  /**
   * The number that stands for a 64-bit LIOBN: the LIOBN itself, or one below zero where no number can hold it, for
   * hypercalls compare all 64 bits.
   */
  #liobn(liobn: Word): number {
    const name = formatWord(liobn.hi, liobn.lo);
    const value = joinWord(liobn.hi, liobn.lo);
    const isExact = highHalf(value) === liobn.hi && lowHalf(value) === liobn.lo;
    if (!isExact) {
      for (const [number, known] of this.#liobns) if (known === name) return number;
    }
    const number = isExact ? value : -1 - this.#liobns.size;
    this.#liobns.set(number, name);
    return number;
  }
}

function dmaWindow({ pageShift, offset, size }: ScenarioWindow): DmaWindow {
  if (size > MAX_TABLE_ENTRIES)
    throw inputError(`a table of ${size} entries`, `at most ${MAX_TABLE_ENTRIES}`);
  return new DmaWindow(pageShift, offset, size);
}
