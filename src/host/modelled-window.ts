import { inputError } from '../errors.js';
import { DmaWindow } from '../papr/dma-window.js';
import { MAX_TABLE_ENTRIES } from './tce-entries.js';

/** A window in IOMMU pages, not yet known to be one that can be modelled. */
export interface WindowGeometry {
  readonly pageShift: number;
  readonly offset: number;
  readonly size: number;
}

const LEAST_PAGE_SHIFT = 12;
const MOST_PAGE_SHIFT = 31;
const ADDRESS_BITS = 64;

/** The window of a table about to be made; an input error where a kernel would make it and this model cannot. */
export function modelledWindow({ pageShift, offset, size }: WindowGeometry): DmaWindow {
  if (pageShift < LEAST_PAGE_SHIFT || pageShift > MOST_PAGE_SHIFT) {
    throw inputError(
      `a table with an IOMMU page shift of ${pageShift}`,
      `from ${LEAST_PAGE_SHIFT} to ${MOST_PAGE_SHIFT}`,
    );
  }
  if (size > MAX_TABLE_ENTRIES) {
    throw inputError(`a table of ${size} entries`, `at most ${MAX_TABLE_ENTRIES}`);
  }
  if (offset + size > 2 ** (ADDRESS_BITS - pageShift)) {
    throw inputError(`a table whose window ends beyond 2^${ADDRESS_BITS}`, 'no I/O bus address is so large');
  }
  return new DmaWindow(pageShift, offset, size);
}
