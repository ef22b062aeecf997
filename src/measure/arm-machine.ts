import { type CallStream, movedStream } from '../papr/call-stream.js';
import type { MachineSpec, MachineWindow } from '../path/machine.js';
import { type ArmSpec, TCES_OF_A_PAGE } from './arms.js';

/** Where the guest of each vCPU keeps its TCE list: a page each, from here on. */
const LIST_GPA = 0x10000;
const LIST_BYTES = 0x1000;

/** The first window; others follow it. */
export const LIOBN = 0x80000000;

/** IOMMU pages of the window: 1 GiB of 4K pages. */
const WINDOW_ENTRIES = 2 ** 18;
export const PAGE_SHIFT = 12;

/** Guest RAM comes in pieces of the size of the pages behind it; all vCPUs together have about 256 MiB. */
const RAM_PIECE_BYTES = 2 ** 24;
const RAM_PIECES = 16;

/** The most vCPUs that an arm can have. */
export const MAX_VCPUS = 64;

/** In the synthetic stream: the part of the window and of guest RAM that belongs to one vCPU, in IOMMU pages. */
export interface VcpuShare {
  readonly firstEntry: number;
  readonly entries: number;
  readonly firstPage: number;
  readonly pages: number;
  readonly listGpa: number;
}

/** The share of the vCPU of this number in the synthetic stream. */
export function shareOf({ vcpus }: ArmSpec, vcpu: number): VcpuShare {
  const entries = Math.floor(WINDOW_ENTRIES / vcpus / TCES_OF_A_PAGE) * TCES_OF_A_PAGE;
  const pages = ramBytesPerVcpu(vcpus) >>> PAGE_SHIFT;
  const listGpa = LIST_GPA + vcpu * LIST_BYTES;
  return { firstEntry: vcpu * entries, entries, firstPage: vcpu * pages, pages, listGpa };
}

function ramBytesPerVcpu(vcpus: number): number {
  return Math.max(1, Math.floor(RAM_PIECES / vcpus)) * RAM_PIECE_BYTES;
}

/** The calls of one vCPU: on windows of its own, from guest memory of its own. */
export function streamOf({ vcpus }: ArmSpec, stream: CallStream, vcpu: number): CallStream {
  return vcpus === 1 ? stream : movedStream(stream, vcpu * ramOf(stream), vcpu * stream.windows.length);
}

function ramOf({ ramBytes }: CallStream): number {
  return Math.ceil(ramBytes / RAM_PIECE_BYTES) * RAM_PIECE_BYTES;
}

/** The machine of an arm, its guest's RAM in one region or one for each vCPU. */
export function machineOf(spec: ArmSpec): MachineSpec & { readonly windows: readonly MachineWindow[] } {
  const { vcpus, path, sharesRegion, stream } = spec;
  const vcpuNumbers = Array.from({ length: vcpus }, (_, vcpu) => vcpu);
  const parts =
    stream === null
      ? {
          ramBytes: vcpus * ramBytesPerVcpu(vcpus),
          windows: [{ pageShift: PAGE_SHIFT, offset: 0, size: WINDOW_ENTRIES }],
          listPages: vcpuNumbers.map((vcpu) => shareOf(spec, vcpu).listGpa),
        }
      : {
          ramBytes: vcpus * ramOf(stream),
          windows: vcpuNumbers.flatMap(() => stream.windows),
          listPages: vcpuNumbers.flatMap((vcpu) => stream.listPages.map((gpa) => gpa + vcpu * ramOf(stream))),
        };
  const windows = parts.windows.map((window, i) => ({ liobn: LIOBN + i, ...window }));
  return { ...parts, windows, path, regions: sharesRegion ? 1 : vcpus };
}
