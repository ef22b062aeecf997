import { assert } from '../errors.js';
import { HostFault } from './host-fault.js';
import type { IommuTable } from './iommu-table.js';
import type { SharedBuffers } from './shared-buffers.js';

/**
 * The lives of the hardware tables of a host (`it_kref`). A table is kept by its container's slot, by each group
 * linked to it and by each descriptor of a guest view; with the last reference it is freed, its entries gone and its
 * memory given back.
 */
export class HardwareTables {
  readonly #buffers: SharedBuffers;
  readonly #tables = new Set<IommuTable>();

  constructor(buffers: SharedBuffers) {
    this.#buffers = buffers;
  }

  /** Whether a table is not freed. */
  has(table: IommuTable): boolean {
    return this.#tables.has(table);
  }

  /** Takes a reference, the first one included; even of a table that has lost its last and is about to be freed. */
  get(table: IommuTable): void {
    this.#tables.add(table);
    table.references++;
  }

  /** Takes a reference unless the table has lost its last already; false where it has. */
  getUnlessDying(table: IommuTable): boolean {
    if (table.references === 0) return false;
    table.references++;
    return true;
  }

  /** Gives a reference back; the last one frees the table. */
  put(table: IommuTable): void {
    this.drop(table);
    if (table.references === 0) this.free(table);
  }

  /** Gives a reference back and leaves the freeing to {@link free}, for a removal that stands still in between. */
  drop(table: IommuTable): void {
    assert(table.references > 0, `hardware table ${table.name} has no reference to give back`);
    table.references--;
  }

  /** Frees a table that lost its last reference; the host has no way back where somebody took a new one since. */
  free(table: IommuTable): void {
    if (table.references > 0) {
      throw new HostFault(`hardware table ${table.name} is freed while a guest view follows it`);
    }
    if (!this.#tables.delete(table)) throw new HostFault(`hardware table ${table.name} is freed twice`);
    this.#buffers.giveBack(table.memory);
  }
}
