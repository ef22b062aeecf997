import { REAL_MODE } from '../host/mmu-mode.js';
import type { SpecColumn, SpecKernel } from './spec-tables.test-helper.js';

const S = 0;
const UNALIGNED = new Error('unaligned host address');
export const OUTSIDE = new Error('outside a table');
const TO_HPA = 0x300a_5500_0000n;

/** A region as the handlers see it. */
export interface SpecRegion {
  readonly start: number;
  readonly end: number;
  readonly pageShift: number;
  readonly isReachable: boolean;
  mapped: number;
}

/** A hardware table: entries and userspace view by index, only what is not zero. */
export interface SpecTable {
  readonly shift: number;
  readonly size: number;
  readonly leafShift: number;
  readonly isSparse: boolean;
  readonly leaves: ('absent' | 'present' | 'out of reach')[];
  readonly hw: Map<number, bigint>;
  readonly ua: Map<number, number>;
  /** Whether an exchange of a writable entry fails whatever the mode. */
  readonly failsExchange: boolean;
}

/** Everything a handler can see or change. */
export interface SpecState {
  readonly liobn: number;
  readonly shift: number;
  readonly offset: number;
  readonly size: number;
  readonly view: Map<number, number>;
  /** log2 of entries in a page of the guest view, and which of them exist; null where all do. */
  readonly viewPageShift: number;
  readonly viewPages: Set<number> | null;
  readonly tables: readonly SpecTable[];
  readonly regions: readonly SpecRegion[];
  readonly slots: readonly { readonly gpa: number; readonly end: number; readonly ua: number }[];
  /** Whether the exchange of an entry that maps this host page for writing fails in real mode. */
  readonly isUnreachable: (hpa: bigint) => boolean;
  readonly isPresent: (ua: number) => boolean;
  readonly hasLargePages: boolean;
  readonly listWord: (ua: number, i: number) => number;
}

export const permissionsOf = (word: number) => word % 4;
export const addressOf = (word: number) => word - permissionsOf(word);

/**
 * Hardware entries, userspace views and mapped counts, step by step as in the tables of the specification, in the
 * plainest way. Where the host would stop, it throws.
 */
export class SpecEntries {
  readonly #state: SpecState;
  readonly #kernel: SpecKernel;
  readonly #column: SpecColumn;
  readonly #real: boolean;
  /** Exchanges done so far; one that fails is two, because a second one undoes it. */
  exchanges = 0;

  constructor(state: SpecState, kernel: SpecKernel, column: SpecColumn) {
    this.#state = state;
    this.#kernel = kernel;
    this.#column = column;
    this.#real = column.mode === REAL_MODE;
  }

  /** How many guest entries a hardware table has room for. */
  guestSize(table: SpecTable): number {
    return table.size / 2 ** (this.#state.shift - table.shift);
  }

  forceClear(table: SpecTable, first: number, failing: number): void {
    const factor = 2 ** (this.#state.shift - table.shift);
    if (this.#kernel.forceClears === 'entry') this.exchange(table, first, null, 0);
    else for (let i = 0; i < factor; i++) this.exchange(table, failing * factor + i, null, 0);
  }

  /** One guest page: several entries where the hardware page is smaller, from one user address on. */
  mapPage(table: SpecTable, index: number, word: number): number {
    const factor = 2 ** (this.#state.shift - table.shift);
    for (let i = 0; i < factor; i++) {
      const code = this.#map(table, index * factor + i, word, i * 2 ** table.shift);
      if (code !== S) return code;
    }
    return S;
  }

  unmapPage(table: SpecTable, index: number): number {
    const factor = 2 ** (this.#state.shift - table.shift);
    for (let i = 0; i < factor; i++) {
      const code = this.#unmap(table, index * factor + i);
      if (code !== S) return code;
    }
    return S;
  }

  #map(table: SpecTable, entry: number, word: number, offset: number): number {
    const { map } = this.#column;
    const leaf = entry >> table.leafShift;
    if (table.leaves[leaf] === 'absent') {
      if (this.#real || !table.isSparse || this.#kernel.era !== '4.20') return map.noUserspaceView as number;
      table.leaves[leaf] = 'present';
    }
    const first = this.toUa(addressOf(word));
    if (first === null) return map.noSlot as number;
    const ua = first + offset;
    const region = this.lookup(ua, 2 ** table.shift);
    if (region === null) return map.noRegion as number;
    if (!this.translates(table, ua)) return map.noHostAddress as number;
    if (this.#real && table.leaves[leaf] === 'out of reach' && map.userspaceViewOutOfReach !== null)
      return map.userspaceViewOutOfReach;
    if (region.mapped === 0) return map.regionDying as number;
    region.mapped++;
    const old = this.exchange(table, entry, ua, permissionsOf(word));
    if (old === 'failed') {
      region.mapped--;
      return map.exchangeFailed as number;
    }
    if (old !== 0) this.#mappedDec(table, entry);
    table.ua.set(entry, ua);
    return S;
  }

  #mappedDec(table: SpecTable, entry: number): number {
    const { mappedDec } = this.#column;
    const leaf = table.leaves[entry >> table.leafShift];
    if (leaf === 'absent') return mappedDec.noUserspaceView as number;
    if (this.#real && leaf === 'out of reach' && mappedDec.userspaceViewOutOfReach !== null)
      return mappedDec.userspaceViewOutOfReach;
    const region = this.lookup(table.ua.get(entry) ?? 0, 2 ** table.shift);
    if (region === null) return mappedDec.noRegion as number;
    if (region.mapped > 1) region.mapped--;
    table.ua.delete(entry);
    return S;
  }

  #unmap(table: SpecTable, entry: number): number {
    const before = table.hw.get(entry);
    const old = this.exchange(table, entry, null, 0);
    if (old === 'failed') return this.#column.unmapExchange as number;
    if (old === 0) return S;
    const code = this.#mappedDec(table, entry);
    const { era } = this.#kernel;
    if (code !== S && era !== 'v3' && era !== 'v3-inner' && before !== undefined) {
      table.hw.set(entry, before);
      this.exchanges++;
    }
    return code;
  }

  /** The old permission bits. Writing implies reading; a page that real mode cannot mark dirty undoes it. */
  exchange(table: SpecTable, entry: number, ua: number | null, permissions: number): number | 'failed' {
    if (entry < 0 || entry >= table.size) throw OUTSIDE;
    if (ua !== null && ua % 2 ** table.shift !== 0) throw UNALIGNED;
    const old = table.hw.get(entry) ?? 0n;
    const isWritable = (old & 2n) !== 0n;
    this.exchanges++;
    if (isWritable && (table.failsExchange || (this.#real && this.#state.isUnreachable(old)))) {
      this.exchanges++;
      return 'failed';
    }
    const word = ua === null ? 0n : (BigInt(ua) ^ TO_HPA) | BigInt(permissions === 2 ? 3 : permissions);
    if (word === 0n) table.hw.delete(entry);
    else table.hw.set(entry, word);
    return Number(old & 3n);
  }

  /** Whether the region of a page gives a host address: its list in reach, and its pages large enough. */
  translates(table: SpecTable, ua: number): boolean {
    const region = this.lookup(ua, 2 ** table.shift);
    if (region === null || (this.#real && !region.isReachable)) return false;
    return this.#kernel.era !== '4.20' || table.shift <= region.pageShift;
  }

  toUa(gpa: number): number | null {
    const slot = this.#state.slots.find(({ gpa: start, end }) => gpa >= start && gpa < end);
    return slot === undefined ? null : gpa - slot.gpa + slot.ua;
  }

  lookup(ua: number, bytes: number): SpecRegion | null {
    return this.#state.regions.find(({ start, end }) => start <= ua && ua + bytes <= end) ?? null;
  }
}
