import type { DmaWindow } from '../papr/dma-window.js';
import type { HostPages } from './host-pages.js';
import { IommuTable } from './iommu-table.js';
import { MemoryRegion } from './memory-region.js';
import type { SharedBuffers } from './shared-buffers.js';
import { SharedIommuTable } from './shared-iommu-table.js';
import { SharedMemoryRegion } from './shared-memory-region.js';

/** A hardware table for as many writers at once as its memory is for. */
export function newIommuTable(
  name: string,
  window: DmaWindow,
  pages: HostPages,
  buffers: SharedBuffers,
  leafShift?: number,
): IommuTable {
  const { atomics } = buffers;
  return atomics === null
    ? new IommuTable(name, window, pages, buffers, leafShift)
    : new SharedIommuTable(name, window, pages, buffers, atomics, leafShift);
}

/** A preregistered region for as many writers at once as its memory is for. */
export function newMemoryRegion(
  ua: number,
  bytes: number,
  backingShift: number,
  buffers: SharedBuffers,
): MemoryRegion {
  const { atomics } = buffers;
  return atomics === null
    ? new MemoryRegion(ua, bytes, backingShift, buffers)
    : new SharedMemoryRegion(ua, bytes, backingShift, buffers, atomics);
}
