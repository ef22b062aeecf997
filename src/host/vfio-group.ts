import type { IommuTable } from './iommu-table.js';

/** How many windows, and so hardware tables, a group can have (`IOMMU_TABLE_GROUP_MAX_TABLES`). */
export const TABLES_PER_GROUP = 2;

/** The window that the platform makes for user space that never asks for one; the name is for messages and dumps. */
export interface DefaultWindow {
  readonly name: string;
  /** Its length, a power of two; it begins at 0 and has 4 KiB pages. */
  readonly bytes: number;
}

/**
 * An IOMMU group as VFIO and KVM see it: the tables that its devices go by (`iommu_table_group`), set by the container
 * that owns it, and the references that KVM holds of it.
 */
export class VfioGroup {
  readonly id: number;
  /** null where the group brings none, so that every window is asked for. */
  readonly defaultWindow: DefaultWindow | null;
  /** References held by KVM: one by the device that tracks it, and in some revisions one by each descriptor. */
  references = 0;
  /** Whether a container owns it. */
  isAttached = false;
  #tables: readonly (IommuTable | null)[] = Array.from({ length: TABLES_PER_GROUP }, () => null);

  constructor(id: number, defaultWindow: DefaultWindow | null = null) {
    this.id = id;
    this.defaultWindow = defaultWindow;
  }

  /** Its tables by slot. */
  get tables(): readonly (IommuTable | null)[] {
    return this.#tables;
  }

  /** Lets its devices go by the table of a slot (`set_window`), or by none (`unset_window`). */
  setTable(slot: number, table: IommuTable | null): void {
    this.#tables = this.#tables.with(slot, table);
  }
}
