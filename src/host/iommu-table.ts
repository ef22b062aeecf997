import { type OperationCounts, TCE_EXCHANGES, TCE_INVALIDATES } from '../cost/operations.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { TCE_PERMISSIONS, TCE_READ, TCE_WRITE } from '../papr/tce.js';
import { HostFault } from './host-fault.js';
import type { SharedBuffers } from './shared-buffers.js';
import { TceEntries } from './tce-entries.js';

/**
 * A hardware TCE table (`struct iommu_table`) and its userspace view (`it_userspace`): for each valid entry the
 * user address that it maps. The view does not exist before the first VFIO map; its memory here is reserved at
 * once, because untouched shared memory costs nothing and other threads must see it appear.
 */
export class IommuTable {
  readonly name: string;
  readonly window: DmaWindow;
  readonly entries: TceEntries;
  readonly userspaceView: TceEntries;
  readonly #viewExists: Int32Array;
  readonly #counts: OperationCounts;

  constructor(name: string, window: DmaWindow, counts: OperationCounts, buffers: SharedBuffers) {
    this.name = name;
    this.window = window;
    this.entries = new TceEntries(`hardware table ${name}`, window.size, buffers);
    this.userspaceView = new TceEntries(`userspace view of ${name}`, window.size, buffers);
    this.#viewExists = new Int32Array(buffers.take(4));
    this.#counts = counts;
  }

  get hasUserspaceView(): boolean {
    return this.#viewExists[0] !== 0;
  }

  /** What the first VFIO map does; kernel handlers cannot (vmalloc). */
  allocateUserspaceView(): void {
    this.#viewExists[0] = 1;
  }

  /**
   * Exchanges an entry (`iommu_tce_xchg`) and returns the permission bits it had. Write permission implies read
   * in hardware; without permission bits the address is stored all the same. Each exchange is followed by one
   * invalidation of that entry. A host address that is not aligned to the IOMMU page stops the host (BUG_ON).
   */
  exchange(entry: number, hpaHi: number, hpaLo: number, permissions: number): number {
    if ((hpaLo & this.window.pageOffsetMask) !== 0) {
      throw new HostFault(`exchange of an unaligned host address in entry ${entry} of ${this.name}`);
    }
    const entries = this.entries;
    const old = entry >= 0 && entry < entries.size ? entries.lo(entry) & TCE_PERMISSIONS : 0;
    const stored = (permissions & TCE_WRITE) === 0 ? permissions : permissions | TCE_READ;
    entries.store(entry, hpaHi, hpaLo | stored);
    this.#counts[TCE_EXCHANGES] = (this.#counts[TCE_EXCHANGES] as number) + 1;
    this.#counts[TCE_INVALIDATES] = (this.#counts[TCE_INVALIDATES] as number) + 1;
    return old;
  }
}
