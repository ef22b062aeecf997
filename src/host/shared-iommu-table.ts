import type { DmaWindow } from '../papr/dma-window.js';
import { TCE_PERMISSIONS, TCE_WRITE } from '../papr/tce.js';
import type { HostPages } from './host-pages.js';
import { EXCHANGE_FAILED, IommuTable, storedLow } from './iommu-table.js';
import type { MmuMode } from './mmu-mode.js';
import type { SharedBuffers } from './shared-buffers.js';
import type { SharedWords } from './shared-words.js';

// An imported constant is read from memory at every use, one of this module is folded into the code.
const PERMISSIONS = TCE_PERMISSIONS;
const WRITE = TCE_WRITE;

/**
 * A hardware table that several threads may change at once: an exchange is one atomic step on the whole 64-bit word,
 * so every word that was ever stored is either still there or was returned by exactly one exchange. The userspace
 * view beside it keeps its plain stores: in the kernel too nothing couples them to the exchange.
 */
export class SharedIommuTable extends IommuTable {
  declare private readonly atomics: SharedWords;
  declare private readonly old: Int32Array;
  /** Index of the first entry among the words of the memory. */
  declare private readonly first: number;

  constructor(
    name: string,
    window: DmaWindow,
    pages: HostPages,
    buffers: SharedBuffers,
    atomics: SharedWords,
    leafShift?: number,
  ) {
    super(name, window, pages, buffers, leafShift);
    this.atomics = atomics;
    this.old = atomics.old;
    this.first = this.entries.words.byteOffset / 8;
  }

  override exchange(entry: number, hpaHi: number, hpaLo: number, permissions: number, mode: MmuMode): number {
    if (entry >>> 0 >= this.size || (hpaLo & this.pageMask) !== 0) this.fault(entry);
    const index = this.first + entry;
    const oldLo = this.atomics.exchange(index, hpaHi, storedLow(hpaLo, permissions));
    if ((oldLo & WRITE) === 0) return oldLo & PERMISSIONS;
    const oldHi = this.old[1] as number;
    if (this.pages.markDirty(oldHi, oldLo, mode)) return oldLo & PERMISSIONS;
    // As in the kernel: what another thread stored in between is thrown out unseen.
    this.atomics.exchange(index, oldHi, oldLo);
    return EXCHANGE_FAILED;
  }

  override clear(entry: number, mode: MmuMode): number {
    const old = this.exchange(entry, 0, 0, 0, mode);
    this.clearedLo = this.old[0] as number;
    this.clearedHi = this.old[1] as number;
    return old;
  }
}
