import { assert } from '../errors.js';

/**
 * The geometry of a DMA window: which I/O bus addresses (ioba) it spans and which table entry each one selects.
 * Offset and size are in IOMMU pages, as in the kernel, so a window above 2^53 bytes is exact.
 */
export class DmaWindow {
  /** log2 of the IOMMU page: 12, 16, 24 or 28. */
  readonly pageShift: number;
  /** First page of the window; the kernel's `it_offset` and `stt->offset`. */
  readonly offset: number;
  /** Number of entries. */
  readonly size: number;
  /** Length of the IOMMU page. */
  readonly pageBytes: number;
  /** The bits of an address, in its low half, that lie below the IOMMU page. */
  readonly pageOffsetMask: number;
  readonly #pagesPerHighUnit: number;

  constructor(pageShift: number, offset: number, size: number) {
    assert(pageShift >= 12 && pageShift <= 31, `IOMMU page shift ${pageShift} outside 12..31`);
    assert(Number.isSafeInteger(offset) && offset >= 0, `window offset ${offset}`);
    assert(Number.isSafeInteger(size) && size > 0, `window size ${size}`);
    this.pageShift = pageShift;
    this.offset = offset;
    this.size = size;
    this.pageBytes = 2 ** pageShift;
    this.pageOffsetMask = this.pageBytes - 1;
    this.#pagesPerHighUnit = 2 ** (32 - pageShift);
  }

  /** Entry of an address relative to the window's first, below 0 or past `size` where it is outside. */
  entryOf(iobaHi: number, iobaLo: number): number {
    return (iobaHi >>> 0) * this.#pagesPerHighUnit + (iobaLo >>> this.pageShift) - this.offset;
  }

  /** First entry of `npages` from an aligned address on, or -1 where it is misaligned or any page is outside. */
  entryOfRange(iobaHi: number, iobaLo: number, npages: number): number {
    if ((iobaLo & this.pageOffsetMask) !== 0) return -1;
    const entry = this.entryOf(iobaHi, iobaLo);
    return entry >= 0 && entry + npages <= this.size ? entry : -1;
  }

  /** The address of an entry; exact although it may be above 2^53, because it is page-aligned. */
  iobaOf(entry: number): number {
    return (this.offset + entry) * this.pageBytes;
  }

  /** Length in bytes. */
  get bytes(): number {
    return this.size * this.pageBytes;
  }
}
