import { assert } from '../errors.js';
import type { GuestView } from '../host/guest-view.js';
import { Host } from '../host/host.js';
import { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import type { MemoryRegion } from '../host/memory-region.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { DmaWindow } from '../papr/dma-window.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { highHalf, lowHalf, TCE_READ, TCE_WRITE } from '../papr/tce.js';
import { InKernelHandlers } from '../path/in-kernel.js';
import { Ladder } from '../path/ladder.js';
import type { Revision } from '../path/revisions/revision.js';
import { UserspaceHandlers } from '../path/userspace.js';
import {
  gpaOf,
  PAGE_BYTES,
  PAGE_SHIFT,
  type PageName,
  RAM_BYTES,
  RAM_UA,
  REGIONS,
  uaOf,
} from './guest-memory.js';
import { instrumentGuestView, instrumentMemory, instrumentRegions, instrumentTable } from './instruments.js';
import { instrumentReferences } from './reference-instruments.js';
import type { Stepper } from './stepper.js';

/** Entries of the window. A kernel that rounds its tables to whole host pages would have more, never used here. */
export const ENTRIES = 4;

const LIOBN = 0x8000_0001;

/**
 * The machine of a race: four pages of guest memory in two preregistered regions, one window of four entries with
 * one hardware table in one container, attached to KVM's guest view. Every access to what vCPUs and ioctls share is a
 * step of its stepper; what happens outside of an actor's turn, as in the constructor, is simply done.
 *
 * Only results and end states mean something: the operation counts of its host run high, because calls run again.
 */
export class RaceMachine {
  readonly host: Host;
  readonly table: IommuTable;
  readonly guestView: GuestView;
  readonly container: VfioContainer;
  readonly group = new VfioGroup(0);
  /** Whether the hardware table was freed, whatever somebody has done with it since. */
  isTableFreed = false;
  readonly device: KvmVfioDevice;
  /** Both regions, registered still or not. */
  readonly regions: readonly MemoryRegion[];
  /** The words of the list page that a race may use, as their bytes stand in memory. */
  readonly list: Int32Array;
  readonly stepper: Stepper;
  readonly #ladder: Ladder;

  constructor(revision: Revision, stepper: Stepper) {
    const memory = { pageShift: PAGE_SHIFT, backingShift: PAGE_SHIFT, bytes: RAM_BYTES };
    // Rounded up, the tables would have entries that nobody uses.
    const host = new Host(memory, new SharedBuffers(), { ...revision.guestView, roundsSize: false });
    const window = new DmaWindow(PAGE_SHIFT, 0, ENTRIES);
    this.host = host;
    this.stepper = stepper;
    this.list = new Int32Array(host.userMemory.page(uaOf(gpaOf('list'))).buffer, 0, 2 * ENTRIES);
    host.memslots.add(0, RAM_UA, RAM_BYTES);
    this.table = new IommuTable('0', window, host.pages, host.buffers);
    this.container = new VfioContainer(host, [this.table], revision.vfio);
    for (const { first, pages } of REGIONS) {
      must(this.container.registerMemory(RAM_UA + first * PAGE_BYTES, pages * PAGE_BYTES));
    }
    this.regions = host.preregistered.regions;
    must(host.createGuestView(LIOBN, window));
    this.guestView = viewOf(host);
    // The window has been used before: what comes with the first use is there.
    this.table.allocateUserspaceView();
    this.guestView.allocatePage(0);
    this.device = new KvmVfioDevice(host, revision.attach);
    must(this.container.attachGroup(this.group));
    must(this.device.groupAdd(this.group));
    must(this.setSpaprTce());
    const real = revision.real === null ? null : new InKernelHandlers(host, revision.real);
    const virtual = new InKernelHandlers(host, revision.virtual);
    const userspace = new UserspaceHandlers(host);
    userspace.addTable(LIOBN, window, [this.container]);
    this.#ladder = new Ladder(host, real, virtual, userspace, revision.answersGetInVirtualMode);
    instrumentTable(stepper, this.table);
    instrumentGuestView(stepper, this.guestView.entries);
    instrumentRegions(stepper, host);
    instrumentMemory(stepper, host, uaOf(gpaOf('list')), gpaOf('list'));
    instrumentReferences(stepper, this);
    if (real !== null) announce(stepper, real, 'real mode');
    announce(stepper, virtual, 'virtual mode');
    announce(stepper, userspace, 'user space');
  }

  /** H_PUT_TCE. */
  put(entry: number, word: number): number {
    return this.#ladder.putTce(LIOBN, 0, entry * PAGE_BYTES, 0, word);
  }

  /** H_PUT_TCE_INDIRECT from the list page. */
  putList(entry: number, npages: number): number {
    return this.#ladder.putTceIndirect(LIOBN, 0, entry * PAGE_BYTES, 0, gpaOf('list'), npages);
  }

  /** The guest stores a word of the list. */
  storeList(index: number, word: number): void {
    this.host.storeWord(gpaOf('list') + index * 8, 0, word);
  }

  /** What an earlier hypercall or ioctl left: a page mapped for reading and writing in hardware, views and counts. */
  mapBefore(entry: number, page: PageName): void {
    const ua = uaOf(gpaOf(page));
    const iova = entry * PAGE_BYTES;
    must(this.container.mapDma(highHalf(iova), lowHalf(iova), ua, PAGE_BYTES, TCE_READ | TCE_WRITE));
    this.guestView.entries.store(entry, 0, wordOf(page));
  }

  /** KVM_DEV_VFIO_GROUP_SET_SPAPR_TCE: the guest view is to follow the table of the group. */
  setSpaprTce(): number {
    return this.device.setSpaprTce(this.group, this.guestView);
  }

  /** VFIO_IOMMU_SPAPR_TCE_REMOVE of the window. */
  removeWindow(): number {
    return this.container.removeWindow(0, 0);
  }

  /** KVM does not know yet that the guest view has a table. */
  detachBefore(): void {
    must(this.device.groupDel(this.group));
    must(this.device.groupAdd(this.group));
  }

  /** UNREGISTER_MEMORY of a region. */
  unregister(region: number): number {
    const { ua, bytes } = this.regions[region] ?? { ua: 0, bytes: 0 };
    return this.container.unregisterMemory(ua, bytes);
  }
}

/** The TCE that maps a page for reading and writing. */
export function wordOf(page: PageName): number {
  return gpaOf(page) | TCE_READ | TCE_WRITE;
}

/** Tells the stepper which rung a call is on. */
function announce(stepper: Stepper, rung: HcallSink, name: string): void {
  const put = rung.putTce.bind(rung);
  rung.putTce = (...call) => {
    stepper.enter(name);
    return put(...call);
  };
  const putIndirect = rung.putTceIndirect.bind(rung);
  rung.putTceIndirect = (...call) => {
    stepper.enter(name);
    return putIndirect(...call);
  };
  const stuff = rung.stuffTce.bind(rung);
  rung.stuffTce = (...call) => {
    stepper.enter(name);
    return stuff(...call);
  };
}

function viewOf(host: Host): GuestView {
  const view = host.findGuestView(LIOBN);
  assert(view !== null, 'the guest view of the race exists');
  return view;
}

function must(result: number): void {
  assert(result === 0, `setting up a race failed with ${result}`);
}
