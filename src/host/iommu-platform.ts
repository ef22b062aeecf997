import type { DmaWindow } from '../papr/dma-window.js';
import type { Host } from './host.js';
import { IommuTable } from './iommu-table.js';

/** Address bit 59: where powernv puts the second window of a group. */
const SECOND_WINDOW_START = 2 ** 59;

/** What makes the hardware tables of windows that user space asks for (`iommu_table_group_ops`). */
export interface IommuPlatform {
  /** log2 of the IOMMU pages that the hardware knows. */
  readonly pageShifts: readonly number[];
  /** Where the window of each slot begins. */
  readonly windowStarts: readonly number[];
  /** `leafShift`, log2 of entries, where the leaves of the table come with their use. */
  newTable(host: Host, name: string, window: DmaWindow, leafShift: number | undefined): IommuTable;
}

/** powernv with an IODA2 host bridge. */
export const POWERNV: IommuPlatform = {
  pageShifts: [12, 16, 24, 28],
  windowStarts: [0, SECOND_WINDOW_START],
  newTable: (host, name, window, leafShift) =>
    new IommuTable(name, window, host.pages, host.buffers, leafShift),
};

/** A window as TCE_CREATE asks for it. */
export interface WindowRequest {
  readonly pageShift: number;
  /** Its length. */
  readonly bytes: number;
  /** Levels of its table, 1 for one that is flat. */
  readonly levels: number;
}
