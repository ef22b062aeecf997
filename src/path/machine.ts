import { assert } from '../errors.js';
import { guestViewSize } from '../host/guest-view-policy.js';
import { Host } from '../host/host.js';
import { USER_ARENA_START } from '../host/host-address.js';
import type { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import type { MemoryRegion } from '../host/memory-region.js';
import { newIommuTable } from '../host/new-parts.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { leafShiftOf, levelsOfUserspace } from '../host/table-levels.js';
import type { TceEntries } from '../host/tce-entries.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { DmaWindow } from '../papr/dma-window.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import { InKernelHandlers } from './in-kernel.js';
import { Ladder } from './ladder.js';
import type { Revision } from './revisions/revision.js';
import { UserspaceHandlers } from './userspace.js';

/** Which rungs may answer. `userspace` is the world before the patch: KVM keeps no table of the LIOBN. */
export type PathId = 'userspace' | 'virtual' | 'real';

/** Where the guest's RAM stands in user space. */
const RAM_UA = USER_ARENA_START;

/** PAGE_SHIFT of a powernv host. */
const HOST_PAGE_SHIFT = 16;

/** Guest memory of this model is backed by 16 MiB pages, so every IOMMU page size of a window can be mapped. */
const BACKING_SHIFT = 24;

/** A window of the machine, in IOMMU pages. */
export interface MachineWindow {
  readonly liobn: number;
  readonly pageShift: number;
  readonly offset: number;
  readonly size: number;
}

/** A machine as data, without its windows. */
export interface MachineSpec {
  readonly ramBytes: number;
  readonly path: PathId;
  /** IOMMU groups in the container of each window, all on its one table; absent: one. */
  readonly groups?: number;
  /** Preregistered regions that RAM is cut into, of one size and whole backing pages; absent: one. */
  readonly regions?: number;
  /** Guest addresses of the pages that hold TCE lists, where another thread is to share them. */
  readonly listPages?: readonly number[];
}

/** One LIOBN with everything that follows it. */
export interface MachineTables {
  readonly liobn: number;
  readonly hardware: IommuTable;
  /** The guest view: KVM's, or user space's own where KVM has none. */
  readonly guestView: TceEntries;
}

/** What stands behind one window, beside its tables. */
interface AttachedWindow {
  readonly tables: MachineTables;
  readonly container: VfioContainer;
  readonly groups: readonly VfioGroup[];
}

/**
 * A virtual machine with its host: RAM in one memory slot, preregistered, and for each window a
 * hardware table in a container of its own with its groups, attached to the guest view if KVM keeps one. Windows
 * may come and go, as with dynamic windows and at a reset.
 */
export class Machine {
  readonly host: Host;
  readonly ladder: Ladder;
  readonly userspace: UserspaceHandlers;
  /** The first region, all of RAM where there is one. */
  readonly region: MemoryRegion;
  readonly #revision: Revision;
  readonly #device: KvmVfioDevice;
  readonly #regions: number;
  readonly #regionBytes: number;
  readonly #groupsPerWindow: number;
  #windows: readonly AttachedWindow[] = [];
  #groups = 0;

  /**
   * `buffers` of an earlier machine with the same spec and windows make it the same machine in this thread.
   * `userspaceRung` stands in for the userspace handlers where another thread is to serve those calls.
   */
  constructor(
    spec: MachineSpec,
    revision: Revision,
    buffers: SharedBuffers = new SharedBuffers(),
    userspaceRung?: HcallSink,
  ) {
    const bytes = roundUp(spec.ramBytes, 2 ** BACKING_SHIFT);
    const memory = { pageShift: HOST_PAGE_SHIFT, backingShift: BACKING_SHIFT, bytes };
    const isFollowedByHardware = spec.path !== 'userspace' && revision.guestView.isFollowedByHardware;
    const host = new Host(memory, buffers, { ...revision.guestView, isFollowedByHardware });
    host.memslots.add(0, RAM_UA, bytes);
    for (const gpa of spec.listPages ?? []) host.userMemory.page(RAM_UA + gpa);
    this.#regions = spec.regions ?? 1;
    this.#regionBytes = bytes / this.#regions;
    assert(this.#regionBytes % 2 ** BACKING_SHIFT === 0, 'regions are whole backing pages');
    this.#registerRam(new VfioContainer(host, []));
    const region = host.preregistered.lookup(RAM_UA, this.#regionBytes);
    assert(region !== null, 'guest RAM is registered');
    const hasRealMode = spec.path !== 'virtual' && revision.real !== null;
    const real = hasRealMode && revision.real !== null ? new InKernelHandlers(host, revision.real) : null;
    const virtual = new InKernelHandlers(host, revision.virtual);
    this.host = host;
    this.region = region;
    this.userspace = new UserspaceHandlers(host);
    this.ladder = new Ladder(
      host,
      real,
      virtual,
      userspaceRung ?? this.userspace,
      revision.answersGetInVirtualMode,
    );
    this.#revision = revision;
    this.#device = new KvmVfioDevice(host, revision.attach);
    this.#groupsPerWindow = spec.groups ?? 1;
  }

  get tables(): readonly MachineTables[] {
    return this.#windows.map(({ tables }) => tables);
  }

  /** A new window, empty and not yet known to hardware beyond its table. Its LIOBN must be free. */
  addWindow({ liobn, pageShift, offset, size }: MachineWindow): void {
    const { host, userspace } = this;
    const window = new DmaWindow(pageShift, offset, size);
    // Where guest views are rounded up, the hardware tables that they must equal are too.
    const entries = guestViewSize(size, HOST_PAGE_SHIFT, this.#revision.guestView);
    const whole = new DmaWindow(pageShift, offset, entries);
    const groups = Array.from({ length: this.#groupsPerWindow }, () => new VfioGroup(this.#groups++));
    const levels = levelsOfUserspace(entries, HOST_PAGE_SHIFT);
    const leafShift = leafShiftOf(whole, levels, HOST_PAGE_SHIFT, this.#revision.vfio);
    const hardware = newIommuTable(`of ${liobn.toString(16)}`, whole, host.pages, host.buffers, leafShift);
    const container = new VfioContainer(host, [hardware], this.#revision.vfio);
    for (const group of groups) must(container.attachGroup(group));
    this.#registerRam(container);
    if (host.guestViewPolicy.isFollowedByHardware) {
      must(host.createGuestView(liobn, whole));
      for (const group of groups) {
        must(this.#device.groupAdd(group));
        must(this.#device.setSpaprTce(group, host.findGuestView(liobn)));
      }
    }
    const guestView = userspace.addTable(liobn, window, [container]);
    this.#windows = [...this.#windows, { tables: { liobn, hardware, guestView }, container, groups }];
  }

  /**
   * Takes a window away with all its entries, if there is one of that LIOBN. It is no hypercall, so its work is
   * not among the machine's counts.
   */
  removeWindow(liobn: number): void {
    const found = this.#windows.find(({ tables }) => tables.liobn === liobn);
    if (found === undefined) return;
    const { tables, container, groups } = found;
    const { host } = this;
    const counts = host.counts.slice();
    const memory = host.findGuestView(liobn)?.memory ?? [tables.guestView.words];
    if (host.guestViewPolicy.isFollowedByHardware) {
      for (const group of groups) must(this.#device.groupDel(group));
      must(host.destroyGuestView(liobn));
    }
    this.userspace.removeTable(liobn);
    must(container.close());
    host.buffers.giveBack(memory);
    host.counts.set(counts);
    this.#windows = this.#windows.filter((candidate) => candidate !== found);
  }

  #registerRam(container: VfioContainer): void {
    for (let i = 0; i < this.#regions; i++) {
      must(container.registerMemory(RAM_UA + i * this.#regionBytes, this.#regionBytes));
    }
  }
}

/** Builds a machine with all its windows. */
export function buildMachine(
  spec: MachineSpec & { readonly windows: readonly MachineWindow[] },
  revision: Revision,
  buffers?: SharedBuffers,
  userspaceRung?: HcallSink,
): Machine {
  const machine = new Machine(spec, revision, buffers, userspaceRung);
  for (const window of spec.windows) machine.addWindow(window);
  return machine;
}

function must(result: number): void {
  assert(result === 0, `setting up a machine failed with ${result}`);
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
