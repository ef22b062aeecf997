import type { DmaWindow } from '../papr/dma-window.js';
import type { IommuTable } from './iommu-table.js';
import type { SharedBuffers } from './shared-buffers.js';
import { TceEntries } from './tce-entries.js';

/** A hardware table attached to a guest view by one group (`kvmppc_spapr_tce_iommu_table`, "stit"). */
export interface AttachedTable {
  readonly group: number;
  readonly table: IommuTable;
}

/**
 * The guest view of one LIOBN that KVM keeps (`kvmppc_spapr_tce_table`, "stt"), with the hardware tables that
 * follow it, the last attached first, as the handlers visit them.
 */
export class SpaprTceTable {
  readonly liobn: number;
  readonly window: DmaWindow;
  readonly entries: TceEntries;
  /** Read by every hypercall, replaced as a whole by {@link attach}: a walker never sees it half changed. */
  attached: readonly AttachedTable[] = [];

  constructor(liobn: number, window: DmaWindow, buffers: SharedBuffers) {
    this.liobn = liobn;
    this.window = window;
    this.entries = new TceEntries(`guest view of LIOBN 0x${liobn.toString(16)}`, window.size, buffers);
  }

  attach(group: number, table: IommuTable): void {
    this.attached = [{ group, table }, ...this.attached];
  }
}
