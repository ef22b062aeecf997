import { REAL_MODE } from '../host/mmu-mode.js';
import {
  addressOf,
  OUTSIDE,
  permissionsOf,
  SpecEntries,
  type SpecState,
  type SpecTable,
} from './spec-entries.test-helper.js';
import type { SpecColumn, SpecKernel } from './spec-tables.test-helper.js';

const [S, P, T] = [0, -4, 9999];
const PLAIN_POINTER = new Error('plain pointer to an absent page');

/** A hypercall; the ioba in bytes, words below 2^53. */
export interface SpecCall {
  readonly name: 'put' | 'indirect' | 'stuff' | 'get';
  readonly liobn: number;
  readonly ioba: number;
  /** The TCE, the value, or the address of the list. */
  readonly word: number;
  readonly npages: number;
}

/**
 * The handlers as the tables of the specification describe them, written era by era in the plainest way: an oracle.
 * It changes the state that it is given. Where the host would stop, it throws.
 */
export class SpecModel {
  readonly #state: SpecState;
  readonly #kernel: SpecKernel;
  readonly #column: SpecColumn;
  readonly #real: boolean;
  readonly #entries: SpecEntries;
  /** What the last H_GET_TCE read. */
  value = 0;

  constructor(state: SpecState, kernel: SpecKernel, column: SpecColumn) {
    this.#state = state;
    this.#kernel = kernel;
    this.#column = column;
    this.#real = column.mode === REAL_MODE;
    this.#entries = new SpecEntries(state, kernel, column);
  }

  get exchanges(): number {
    return this.#entries.exchanges;
  }

  call({ name, liobn, ioba, word, npages }: SpecCall): number {
    const { shift, offset } = this.#state;
    if (liobn !== this.#state.liobn) return T;
    if (name === 'indirect' && (npages > 512 || word % 4096 !== 0)) return P;
    const pages = name === 'put' || name === 'get' ? 1 : npages;
    if (!this.#isInWindow(ioba, pages)) return P;
    const entry = ioba / 2 ** shift - offset;
    if (name === 'get') {
      this.value = this.#state.view.get(entry) ?? 0;
      return S;
    }
    if (!this.#hasViewPages(entry, pages, name !== 'indirect' && word === 0)) return T;
    if (name === 'put') return this.#put(entry, word);
    return name === 'indirect' ? this.#indirect(entry, word, npages) : this.#stuff(entry, word, npages);
  }

  #isInWindow(ioba: number, npages: number): boolean {
    const { shift, offset, size } = this.#state;
    const index = ioba / 2 ** shift;
    if (!Number.isInteger(index) || index < offset) return false;
    return index - offset + (this.#kernel.countsPages ? npages : 1) <= size;
  }

  /** 5.x: real mode makes no page of the guest view. */
  #hasViewPages(entry: number, npages: number, clears: boolean): boolean {
    const { viewPages, viewPageShift } = this.#state;
    if (viewPages === null || !this.#real || clears) return true;
    for (let i = entry; i < entry + npages; i++) if (!viewPages.has(i >> viewPageShift)) return false;
    return true;
  }

  #store(index: number, word: number): void {
    const { view, viewPages, viewPageShift, size } = this.#state;
    if (index < 0 || index >= size) throw OUTSIDE;
    if (word === 0) view.delete(index);
    else {
      view.set(index, word);
      viewPages?.add(index >> viewPageShift);
    }
  }

  /** The TCE check of the older kernels takes no other bits, of 4.12 on any address where there is no permission. */
  #tceCheck(word: number): number {
    const isAligned = addressOf(word) % 2 ** this.#state.shift === 0;
    const { era } = this.#kernel;
    if (era !== '4.12' && era !== '4.20') return isAligned ? S : P;
    if (permissionsOf(word) === 0) return S;
    if (era === '4.12') return isAligned ? S : P;
    if (!isAligned) return this.#real ? P : T;
    const ua = this.#entries.toUa(addressOf(word));
    if (ua === null) return T;
    return this.#state.tables.every((table) => this.#entries.translates(table, ua)) ? S : T;
  }

  #put(entry: number, word: number): number {
    const { era } = this.#kernel;
    const refused = this.#tceCheck(word);
    if (refused !== S) return refused;
    const isClear = permissionsOf(word) === 0;
    const hoists = era === '4.12' || era === '4.20' || (era === 'v3-inner' && this.#state.tables.length > 0);
    if (hoists && !isClear && this.#entries.toUa(addressOf(word)) === null)
      return this.#column.map.noSlot as number;
    for (const table of this.#state.tables) {
      if (entry >= this.#entries.guestSize(table)) return P;
      const code = isClear
        ? this.#entries.unmapPage(table, entry)
        : this.#entries.mapPage(table, entry, word);
      if (code === S) continue;
      if (era === '4.12' && code !== T) this.#entries.exchange(table, entry, null, 0);
      else if (era === '4.20') {
        this.#entries.forceClear(table, entry, entry);
        return code;
      } else return code;
    }
    this.#store(entry, word);
    return S;
  }

  #indirect(entry: number, list: number, npages: number): number {
    const found = this.#reachList(list);
    if (found === null) return T;
    if (npages === 0) return S;
    const { era } = this.#kernel;
    const tables = found.skipsHardware ? [] : this.#state.tables;
    const words = Array.from({ length: npages }, (_, i) => this.#state.listWord(found.ua, i));
    if (!this.#real && !this.#state.isPresent(found.ua)) {
      if (this.#column.plainPointer && tables.length > 0) throw PLAIN_POINTER;
      return T;
    }
    if (era === 'v3') return this.#listOfV3(tables, entry, words);
    if (era === '4.12') return this.#listOf412(tables, entry, words);
    if (era === '4.20') return this.#listOf420(tables, entry, words);
    if (era !== 'v3-inner') for (const word of words) if (this.#tceCheck(word) !== S) return P;
    if (era === 'interim' && tables.length > 0) return this.#listOfInterim(tables, entry, words);
    return this.#listOfReview(tables, entry, words);
  }

  #reachList(gpa: number): { readonly ua: number; readonly skipsHardware: boolean } | null {
    const ua = this.#entries.toUa(gpa);
    if (ua === null) return null;
    if (!this.#real) return { ua, skipsHardware: false };
    const byRegion = this.#entries.lookup(ua, 4096)?.isReachable === true;
    const byPageTable = !this.#state.hasLargePages && this.#state.isPresent(ua);
    const { era } = this.#kernel;
    if (era === '4.12' || era === '4.20')
      return byRegion || byPageTable ? { ua, skipsHardware: false } : null;
    if (this.#state.regions.length > 0) return byRegion ? { ua, skipsHardware: false } : null;
    return byPageTable ? { ua, skipsHardware: true } : null;
  }

  #listOfV3(tables: readonly SpecTable[], entry: number, words: readonly number[]): number {
    for (const table of tables) {
      for (const [i, word] of words.entries()) {
        if (addressOf(word) % 2 ** table.shift !== 0 || entry + i >= table.size) return P;
      }
      for (const [i, word] of words.entries()) {
        const code = this.#entries.mapPage(table, entry + i, word);
        if (code !== S) return code;
      }
    }
    for (const [i, word] of words.entries()) {
      if (this.#tceCheck(word) !== S) return P;
      this.#store(entry + i, word);
    }
    return S;
  }

  /** One index for both loops: the first word goes everywhere, and behind the range in the guest view. */
  #listOfInterim(tables: readonly SpecTable[], entry: number, words: readonly number[]): number {
    for (const table of tables) {
      for (const i of words.keys()) {
        const code = this.#entries.mapPage(table, entry + i, words[0] as number);
        if (code !== S) return code;
      }
    }
    this.#store(entry + words.length, words[0] as number);
    return S;
  }

  #listOfReview(tables: readonly SpecTable[], entry: number, words: readonly number[]): number {
    for (const [i, word] of words.entries()) {
      if (this.#tceCheck(word) !== S) return P;
      const isHoisted = this.#kernel.era === 'v3-inner' && this.#state.tables.length > 0;
      if (isHoisted && this.#entries.toUa(addressOf(word)) === null) return this.#column.map.noSlot as number;
      for (const table of tables) {
        if (entry + i >= table.size) return P;
        const code = this.#entries.mapPage(table, entry + i, word);
        if (code !== S) return code;
      }
      this.#store(entry + i, word);
    }
    return S;
  }

  #listOf412(tables: readonly SpecTable[], entry: number, words: readonly number[]): number {
    let last = S;
    for (const [i, word] of words.entries()) {
      if (this.#tceCheck(word) !== S) return P;
      if (this.#entries.toUa(addressOf(word)) === null) return P;
      last = S;
      for (const table of tables) {
        last = this.#entries.mapPage(table, entry + i, word);
        if (last === T) return T;
        if (last !== S) this.#entries.exchange(table, entry, null, 0);
      }
      this.#store(entry + i, word);
    }
    return last;
  }

  #listOf420(tables: readonly SpecTable[], entry: number, words: readonly number[]): number {
    for (const word of words) {
      const refused = this.#tceCheck(word);
      if (refused !== S) return refused;
    }
    for (const [i, word] of words.entries()) {
      if (this.#entries.toUa(addressOf(word)) === null) return P;
      for (const table of tables) {
        const code = this.#entries.mapPage(table, entry + i, word);
        if (code === S) continue;
        this.#entries.forceClear(table, entry, entry + i);
        return code;
      }
      this.#store(entry + i, word);
    }
    return S;
  }

  #stuff(entry: number, value: number, npages: number): number {
    if (permissionsOf(value) !== 0) return P;
    const { era } = this.#kernel;
    const isMerged = era === '4.12' || era === '4.20';
    for (const table of this.#state.tables) {
      if (!isMerged && (value !== 0 || entry + npages > table.size)) return P;
      for (let i = 0; i < npages; i++) {
        const code = this.#entries.unmapPage(table, entry + i);
        if (code === S || era === 'v3' || era === 'v3-inner') continue;
        if (!isMerged || code === T) return code;
        this.#entries.exchange(table, entry, null, 0);
      }
    }
    for (let i = 0; i < npages; i++) this.#store(entry + i, value);
    return S;
  }
}
