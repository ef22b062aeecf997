import { Host } from '../host/host.js';
import { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { DmaWindow } from '../papr/dma-window.js';
import { InKernelHandlers } from './in-kernel.js';
import type { ModePolicy } from './revisions/mode-policy.js';
import { V3 } from './revisions/v3.js';

// Addresses by the rules of the simulated memory: hpa = ua XOR 0x300A55000000, gpa 0 at the first user address.
export const UA = 0x2000_0000_0000;
export const HPA_HI = 0x2000 ^ 0x300a;
export const hpaLo = (gpa: number) => (gpa ^ 0x5500_0000) | 0;

export const LIOBN = 0x8000_0001;
export const MIB = 2 ** 20;
export const LIST = 0x10_0000;
export const REAL = V3.real ?? V3.virtual;

interface MachineOptions {
  readonly groups?: number;
  readonly mode?: ModePolicy;
  readonly size?: number;
  /** Entries of the hardware table, if it is not as large as the window. */
  readonly hardwareSize?: number;
}

/** 16 MiB registered, 16 MiB in a slot without registration behind it, and a hole above. */
export function machine({ groups = 1, mode = REAL, size = 16, hardwareSize }: MachineOptions = {}) {
  const host = new Host({ pageShift: 16, backingShift: 16, bytes: 64 * MIB }, new SharedBuffers());
  host.memslots.add(0, UA, 32 * MIB);
  const table = new IommuTable('t', new DmaWindow(12, 0, hardwareSize ?? size), host.pages, host.buffers);
  const container = new VfioContainer(host, [table]);
  host.createGuestView(LIOBN, new DmaWindow(12, 0, size));
  const device = new KvmVfioDevice(host, V3.attach);
  for (let id = 0; id < groups; id++) {
    const group = new VfioGroup(id);
    container.attachGroup(group);
    device.groupAdd(group);
    device.setSpaprTce(group, host.findGuestView(LIOBN));
  }
  container.registerMemory(UA, 16 * MIB);
  const handlers = new InKernelHandlers(host, mode);
  const put = (entry: number, tce: number) => handlers.putTce(LIOBN, 0, entry << 12, 0, tce);
  const indirect = (entry: number, list: number, npages: number) =>
    handlers.putTceIndirect(LIOBN, 0, entry << 12, 0, list, npages);
  const stuff = (entry: number, value: number, npages: number) =>
    handlers.stuffTce(LIOBN, 0, entry << 12, 0, value, npages);
  const writeList = (...tces: readonly number[]) => {
    for (const [i, tce] of tces.entries()) host.storeWord(LIST + i * 8, 0, tce);
  };
  /** What an exit to user space ends in. */
  const userMap = (entry: number, gpa: number) => container.mapDma(0, entry << 12, UA + gpa, 4096, 3);
  const view = () => host.findGuestView(LIOBN)?.entries;
  const mapped = () => host.preregistered.regions[0]?.mapped;
  return { host, table, container, device, handlers, put, indirect, stuff, writeList, userMap, view, mapped };
}

/** A machine whose userspace view exists, with nothing mapped. */
export function readyMachine(options: MachineOptions = {}) {
  const made = machine(options);
  made.userMap(0, 0);
  made.container.unmapDma(0, 0, 4096);
  return made;
}
