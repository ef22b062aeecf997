import { assert, inputError } from '../errors.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { MAX_INDIRECT_TCES } from '../papr/hcall.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { TCE_PERMISSIONS, TCE_READ } from '../papr/tce.js';
import type { GuestPages } from './guest-pages.js';
import { IovaAllocator } from './iova-allocator.js';
import { TceCalls } from './tce-calls.js';

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
  /** Direct mapping: the window holds all of RAM, and traffic makes no call. */
  readonly ddw?: boolean;
  /** The guest's RAM; the CPU's list page comes from it. */
  readonly pages: GuestPages;
  /** The window's allocator; CPUs of one guest share it. Absent: one of its own. */
  readonly iova?: IovaAllocator;
  /** The CPU that makes the calls. */
  readonly cpu?: number;
}

/**
 * The DMA API of one guest CPU: buffers in, hypercalls out (arch/powerpc/kernel/iommu.c, v4.9). Each unmap is
 * carried out at once, before its addresses are free again. One thread; a buffer mapped on one CPU may be
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
    this.#calls.clear(entry, npages);
    this.#iova.free(entry, npages);
    this.tcesUnmapped += npages;
  }

  /** Clears the whole window as at boot: 512 entries a call, or one by one without multi-TCE. */
  clearWindow(): void {
    const { size } = this.#window;
    const step = this.#multiTce ? MAX_INDIRECT_TCES : 1;
    for (let entry = 0; entry < size; entry += step) this.#calls.clear(entry, Math.min(step, size - entry));
  }

  /**
   * Maps all of RAM once, in both directions, by indirect calls of 512 entries; for a window with `ddw`. They are
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
    if (!this.#calls.putIndirect(0, npages, 0, TCE_PERMISSIONS)) return false;
    this.tcesMapped += npages;
    return true;
  }

  #map(gpa: number, bytes: number, direction: DmaDirection, align: number): number {
    const page = Math.floor(gpa * this.#pagesPerByte);
    if (this.#direct) {
      this.maps++;
      return page;
    }
    const npages = this.pagesOf(gpa, bytes);
    const entry = this.#iova.allocate(this.#cpu, npages, align);
    if (entry < 0) {
      this.failedMaps++;
      return -1;
    }
    const permissions = direction === DMA_TO_DEVICE ? TCE_READ : TCE_PERMISSIONS;
    if (!this.#calls.set(entry, npages, page, permissions)) {
      this.#iova.free(entry, npages);
      this.failedMaps++;
      return -1;
    }
    this.maps++;
    this.tcesMapped += npages;
    return entry;
  }
}
