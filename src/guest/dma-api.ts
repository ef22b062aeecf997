import { assert, inputError } from '../errors.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { MAX_INDIRECT_TCES } from '../papr/hcall.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { TCE_PERMISSIONS, TCE_READ } from '../papr/tce.js';
import { DeferredUnmaps } from './deferred-unmaps.js';
import type { GuestPages } from './guest-pages.js';
import { IovaAllocator } from './iova-allocator.js';
import { KeptMaps } from './kept-maps.js';
import { TceCalls } from './tce-calls.js';
import type { UnmapPolicy } from './unmap-policy.js';

/** Which way the data go; the kernel's `enum dma_data_direction`. */
export type DmaDirection = typeof DMA_BIDIRECTIONAL | typeof DMA_TO_DEVICE | typeof DMA_FROM_DEVICE;
export const DMA_BIDIRECTIONAL = 0;
export const DMA_TO_DEVICE = 1;
export const DMA_FROM_DEVICE = 2;

/** What a {@link DmaApi} is made from. */
export interface DmaApiOptions {
  readonly sink: HcallSink;
  readonly store: GuestStore;
  readonly liobn: number;
  readonly window: DmaWindow;
  /** Whether the hypervisor offers H_PUT_TCE_INDIRECT and H_STUFF_TCE. */
  readonly multiTce: boolean;
  /** TCEs that one list may hold, 1 to 512. Absent: 512, which is what the kernel uses. */
  readonly maxIndirectTces?: number | undefined;
  /** Direct mapping: the window holds all of RAM, and traffic makes no call. */
  readonly ddw?: boolean;
  /** The guest's RAM; the CPU's list page comes from it. */
  readonly pages: GuestPages;
  /** The window's allocator; CPUs of one guest share it. Absent: one of its own. */
  readonly iova?: IovaAllocator;
  /** The CPU that makes the calls. */
  readonly cpu?: number;
  /** Absent: strict. */
  readonly unmap?: UnmapPolicy;
  /** Mappings kept for reuse, shared by the CPUs of one guest. Absent: of its own, as `unmap` says. */
  readonly kept?: KeptMaps;
}

/**
 * The DMA API of one guest CPU: buffers in, hypercalls out (arch/powerpc/kernel/iommu.c, v4.9). With the strict
 * policy each unmap is carried out at once, before its addresses are free again. One thread; a buffer mapped on one CPU may be
 * unmapped on another that shares the allocator.
 */
export class DmaApi {
  /** Successful maps; coherent allocations count too. */
  maps = 0;
  unmaps = 0;
  tcesMapped = 0;
  tcesUnmapped = 0;
  /** Maps that found no addresses or were refused by the hypervisor. */
  failedMaps = 0;
  /** Maps that found a kept mapping and made no call. */
  foundMaps = 0;
  /** Hypercalls of boot: the clearing of the window, and the filling of a direct one. */
  bootHcalls = 0;
  /** Entries set or cleared by them. */
  bootTceOps = 0;
  readonly pages: GuestPages;
  readonly #window: DmaWindow;
  readonly #multiTce: boolean;
  readonly #direct: boolean;
  readonly #cpu: number;
  readonly #iova: IovaAllocator;
  readonly #calls: TceCalls;
  readonly #iommuPageBytes: number;
  readonly #pagesPerByte: number;
  /** IOMMU pages in a guest page, at least 1: page-aligned maps start at a multiple of it. */
  readonly #pageAlign: number;
  readonly #deferred: DeferredUnmaps | null;
  readonly #kept: KeptMaps | null;
  /** What a kept mapping covers whole: guest pages, or IOMMU pages where those are larger. */
  readonly #keptBytes: number;

  constructor(options: DmaApiOptions) {
    const { window, pages } = options;
    this.pages = pages;
    this.#window = window;
    this.#multiTce = options.multiTce;
    this.#direct = options.ddw ?? false;
    this.#cpu = options.cpu ?? 0;
    this.#iova = options.iova ?? new IovaAllocator(window);
    this.#calls = new TceCalls({ ...options, listGpa: pages.allocate(pages.pageBytes) });
    this.#iommuPageBytes = 2 ** window.pageShift;
    this.#pagesPerByte = 2 ** -window.pageShift;
    this.#pageAlign = Math.max(pages.pageBytes / this.#iommuPageBytes, 1);
    const policy = options.unmap ?? 'strict';
    const isDeferred = policy !== 'strict' && 'deferred' in policy;
    this.#deferred = isDeferred ? new DeferredUnmaps(policy.deferred) : null;
    const isReuse = policy !== 'strict' && 'reuse' in policy;
    this.#kept = isReuse ? (options.kept ?? new KeptMaps(policy.reuse)) : null;
    this.#keptBytes = Math.max(pages.pageBytes, this.#iommuPageBytes);
  }

  /** Hypercalls made, boot and refused ones included. */
  get hcalls(): number {
    return this.#calls.hcalls;
  }

  /** Unmaps that the hypervisor refused. */
  get failedUnmaps(): number {
    return this.#calls.failedClears;
  }

  /** How many IOMMU pages a buffer touches. */
  pagesOf(gpa: number, bytes: number): number {
    const first = Math.floor(gpa * this.#pagesPerByte);
    return Math.floor((gpa + bytes - 1) * this.#pagesPerByte) - first + 1;
  }

  /** Maps a buffer for streaming: the first entry, or -1 for a failed map, after which nothing is held. */
  map(gpa: number, bytes: number, direction: DmaDirection): number {
    if (this.#kept !== null && !this.#direct) return this.#mapKept(this.#kept, gpa, bytes, direction);
    const guestPage = this.pages.pageBytes;
    const wholePage = bytes >= guestPage && (gpa & (guestPage - 1)) === 0;
    return this.#map(gpa, bytes, direction, wholePage ? this.#pageAlign : 1);
  }

  /**
   * Maps a ring for both directions, its length rounded up to the guest page by the caller. Its address is
   * aligned to its own size, as `dma_alloc_coherent` does. The first entry, or -1.
   */
  mapCoherent(gpa: number, bytes: number): number {
    let align = 1;
    while (align * this.#iommuPageBytes < bytes) align *= 2;
    return this.#map(gpa, bytes, DMA_BIDIRECTIONAL, align);
  }

  /** Unmaps what a map of `npages` IOMMU pages returned. */
  unmap(entry: number, npages: number): void {
    this.unmaps++;
    if (this.#direct) return;
    if (this.#deferred === null && this.#kept === null) this.#clear(entry, npages);
    else this.#holdBack(entry, npages);
  }

  /** Carries out the unmaps that a policy holds back; true if there were any. */
  flush(): boolean {
    if (this.#deferred !== null) {
      const { count } = this.#deferred;
      this.#deferred.flush((entry, npages) => this.#clear(entry, npages));
      return count > 0;
    }
    let evicted = false;
    while (this.#kept !== null && this.#evict(this.#kept)) evicted = true;
    return evicted;
  }

  /** Clears the whole window as at boot: 512 entries a call, or one by one without multi-TCE. */
  clearWindow(): void {
    const { size } = this.#window;
    const before = this.hcalls;
    const step = this.#multiTce ? MAX_INDIRECT_TCES : 1;
    for (let entry = 0; entry < size; entry += step) this.#calls.clear(entry, Math.min(step, size - entry));
    this.bootHcalls += this.hcalls - before;
    this.bootTceOps += size;
  }

  /**
   * Maps all of RAM once, in both directions, by indirect calls of full lists; for a window with `ddw`. They are
   * indirect whatever `multiTce` says: a guest without these calls makes no such window.
   * False when the hypervisor refused.
   */
  fillDirectWindow(): boolean {
    assert(this.#direct, 'a direct window filled without ddw');
    const { ramBytes } = this.pages;
    const npages = ramBytes * this.#pagesPerByte;
    if (!Number.isInteger(npages) || npages > this.#window.size) {
      throw inputError(
        `guest.ramBytes: ${ramBytes} bytes do not fill whole pages of ${this.#iommuPageBytes} bytes in a direct window of ${this.#window.bytes} bytes`,
        'use a multiple of the page that the window has room for',
      );
    }
    const before = this.hcalls;
    const isFilled = this.#calls.putIndirect(0, npages, 0, TCE_PERMISSIONS);
    this.bootHcalls += this.hcalls - before;
    this.bootTceOps += npages;
    if (isFilled) this.tcesMapped += npages;
    return isFilled;
  }

  #map(gpa: number, bytes: number, direction: DmaDirection, align: number): number {
    const page = Math.floor(gpa * this.#pagesPerByte);
    if (this.#direct) {
      this.maps++;
      return page;
    }
    const npages = this.pagesOf(gpa, bytes);
    let entry = this.#iova.allocate(this.#cpu, npages, align);
    // What a policy holds back may be in the way.
    if (entry < 0 && this.flush()) entry = this.#iova.allocate(this.#cpu, npages, align);
    if (entry < 0) {
      this.failedMaps++;
      return -1;
    }
    if (!this.#calls.set(entry, npages, page, permissionsOf(direction))) {
      this.#iova.free(entry, npages);
      this.failedMaps++;
      return -1;
    }
    this.maps++;
    this.tcesMapped += npages;
    return entry;
  }

  /** Maps the pages around a buffer whole, or finds them mapped: the entry of the buffer's first byte, or -1. */
  #mapKept(kept: KeptMaps, gpa: number, bytes: number, direction: DmaDirection): number {
    const unit = this.#keptBytes;
    const page = Math.floor(gpa / unit);
    const pages = Math.floor((gpa + bytes - 1) / unit) - page + 1;
    const inside = Math.floor((gpa - page * unit) * this.#pagesPerByte);
    const key = kept.keyOf(page, pages, permissionsOf(direction));
    const found = kept.find(key);
    if (found !== undefined) {
      this.maps++;
      this.foundMaps++;
      return found.entry + inside;
    }
    const entry = this.#map(page * unit, pages * unit, direction, this.#pageAlign);
    if (entry < 0) return -1;
    kept.add(key, entry, this.pagesOf(page * unit, pages * unit));
    return entry + inside;
  }

  #holdBack(entry: number, npages: number): void {
    const kept = this.#kept;
    if (this.#deferred?.add(entry, npages)) this.flush();
    if (kept === null) return;
    if (!kept.drop(entry)) this.#clear(entry, npages);
    while (kept.isOverfull) this.#evict(kept);
  }

  #evict(kept: KeptMaps): boolean {
    const map = kept.evict();
    if (map === undefined) return false;
    this.#clear(map.entry, map.npages);
    return true;
  }

  #clear(entry: number, npages: number): void {
    this.#calls.clear(entry, npages);
    this.#iova.free(entry, npages);
    this.tcesUnmapped += npages;
  }
}

/** The device may write unless the data only go to it. */
function permissionsOf(direction: DmaDirection): number {
  return direction === DMA_TO_DEVICE ? TCE_READ : TCE_PERMISSIONS;
}
