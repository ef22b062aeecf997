import { assert } from '../errors.js';
import { Host } from '../host/host.js';
import { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import type { MemoryRegion } from '../host/preregistered-memory.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import type { TceEntries } from '../host/tce-entries.js';
import { VfioContainer } from '../host/vfio-container.js';
import { DmaWindow } from '../papr/dma-window.js';
import { InKernelHandlers } from './in-kernel.js';
import { Ladder } from './ladder.js';
import type { Revision } from './revisions/revision.js';
import { UserspaceHandlers } from './userspace.js';

/** Which rungs may answer. `userspace` is the world before the patch: KVM keeps no table of the LIOBN. */
export type PathId = 'userspace' | 'virtual' | 'real';

/** Where the guest's RAM stands in user space; any address would do that keeps 16 MiB alignment. */
const RAM_UA = 0x2000_0000_0000;

/** Guest memory of this model is backed by 16 MiB pages, so every IOMMU page size of a window can be mapped. */
const BACKING_SHIFT = 24;

/** A window of the machine, in IOMMU pages. */
export interface MachineWindow {
  readonly liobn: number;
  readonly pageShift: number;
  readonly offset: number;
  readonly size: number;
}

/** A machine as data: the same description and buffers give the same machine in any thread. */
export interface MachineSpec {
  readonly ramBytes: number;
  readonly windows: readonly MachineWindow[];
  readonly path: PathId;
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

/**
 * A virtual machine with its host: RAM in one memory slot and one preregistered region, and for each window a
 * hardware table in a container of its own with one group, attached to the guest view if KVM keeps one.
 */
export interface Machine {
  readonly host: Host;
  readonly ladder: Ladder;
  readonly userspace: UserspaceHandlers;
  readonly region: MemoryRegion;
  readonly tables: readonly MachineTables[];
}

/** Builds a machine; `buffers` of an earlier one with the same spec make it the same machine in this thread. */
export function buildMachine(
  spec: MachineSpec,
  revision: Revision,
  buffers: SharedBuffers = new SharedBuffers(),
): Machine {
  const host = new Host(buffers, BACKING_SHIFT);
  const bytes = roundUp(spec.ramBytes, 2 ** BACKING_SHIFT);
  host.memslots.add(0, RAM_UA, bytes);
  const userspace = new UserspaceHandlers(host);
  const device = new KvmVfioDevice(host);
  const tables = spec.windows.map((description, group) => {
    const { liobn } = description;
    const window = new DmaWindow(description.pageShift, description.offset, description.size);
    const hardware = new IommuTable(`${group}`, window, host.counts, buffers);
    const container = new VfioContainer(host, [hardware]);
    must(container.registerMemory(RAM_UA, bytes));
    if (spec.path !== 'userspace') {
      must(host.createGuestView(liobn, window));
      must(device.groupAdd(group, container));
      must(device.setSpaprTce(group, liobn));
    }
    const guestView = userspace.addTable(liobn, window, [container]);
    return { liobn, hardware, guestView };
  });
  for (const gpa of spec.listPages ?? []) host.userMemory.page(RAM_UA + gpa);
  const region = host.preregistered.lookup(RAM_UA, bytes);
  assert(region !== null, 'guest RAM is registered');
  const real =
    spec.path === 'virtual' || revision.real === null ? null : new InKernelHandlers(host, revision.real);
  const ladder = new Ladder(host, real, new InKernelHandlers(host, revision.virtual), userspace);
  return { host, ladder, userspace, region, tables };
}

function must(result: number): void {
  assert(result === 0, `setting up a machine failed with ${result}`);
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
