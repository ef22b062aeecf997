import {
  NaiveCrash,
  type NaiveHost,
  type NaiveMode,
  type NaiveTable,
  store,
} from './naive-host.test-helper.js';

const [SUCCESS, CLOSED, HARDWARE, PARAMETER, TOO_HARD] = [0, 2, -1, -4, 9999];

/** A guest view with the hardware tables that follow it, the last attached first. */
export interface NaiveView {
  readonly liobn: bigint;
  readonly shift: bigint;
  readonly offset: bigint;
  readonly size: bigint;
  readonly entries: Map<bigint, bigint>;
  attached: { readonly table: NaiveTable; references: number }[];
}

/** A hypercall, as the specification names its arguments. */
export interface NaiveCall {
  readonly ioba: bigint;
  readonly word: bigint;
  readonly npages: bigint;
}

/** The handlers of Linux 4.12 by sections 2.0 to 2.7 of the specification, one mode of them. */
export class NaiveHandlers {
  readonly #host: NaiveHost;
  readonly #mode: NaiveMode;
  readonly #countsPages: boolean;

  constructor(host: NaiveHost, mode: NaiveMode, countsPages: boolean) {
    this.#host = host;
    this.#mode = mode;
    this.#countsPages = countsPages;
  }

  put(view: NaiveView, { ioba, word }: NaiveCall): number {
    const entry = this.#entryOf(view, ioba, 1n);
    if (entry === null || isMisaligned(view, word)) return PARAMETER;
    const ua = this.#host.uaOf(word & ~3n);
    if ((word & 3n) !== 0n && ua === null) return PARAMETER;
    for (const { table } of view.attached) {
      const code = (word & 3n) === 0n ? this.#unmap(table, entry) : this.#map(table, entry, ua, word & 3n);
      if (code === TOO_HARD) return code;
      if (code !== SUCCESS) table.exchange(entry, null, 0n, this.#mode);
    }
    this.#storeView(view, entry, word);
    return SUCCESS;
  }

  indirect(view: NaiveView, { ioba, word: list, npages }: NaiveCall): number {
    if (npages > 512n || list % 4096n !== 0n) return PARAMETER;
    const first = this.#entryOf(view, ioba, npages);
    if (first === null) return PARAMETER;
    const listUa = this.#reachList(list);
    if (listUa === null) return TOO_HARD;
    let code = SUCCESS;
    for (let i = 0n; i < npages; i++) {
      if (this.#mode === 'virtual' && !this.#host.isPresent(listUa, 4096n)) return TOO_HARD;
      const word = this.#host.words.get(listUa + i * 8n) ?? 0n;
      if (isMisaligned(view, word)) return PARAMETER;
      const ua = this.#host.uaOf(word & ~3n);
      if (ua === null) return PARAMETER;
      code = SUCCESS;
      for (const { table } of view.attached) {
        code = this.#map(table, first + i, ua, word & 3n);
        if (code === TOO_HARD) return code;
        if (code !== SUCCESS) table.exchange(first, null, 0n, this.#mode);
      }
      this.#storeView(view, first + i, word);
    }
    return code;
  }

  stuff(view: NaiveView, { ioba, word, npages }: NaiveCall): number {
    const first = this.#entryOf(view, ioba, npages);
    if (first === null || (word & 3n) !== 0n) return PARAMETER;
    for (const { table } of view.attached) {
      for (let i = 0n; i < npages; i++) {
        const code = this.#unmap(table, first + i);
        if (code === TOO_HARD) return code;
        if (code !== SUCCESS) table.exchange(first, null, 0n, this.#mode);
      }
    }
    for (let i = 0n; i < npages; i++) this.#storeView(view, first + i, word);
    return SUCCESS;
  }

  /** The word of the guest view, or a code. */
  get(view: NaiveView, { ioba }: NaiveCall): bigint | number {
    const entry = this.#entryOf(view, ioba, 1n);
    return entry === null ? PARAMETER : (view.entries.get(entry) ?? 0n);
  }

  #entryOf({ shift, offset, size }: NaiveView, ioba: bigint, npages: bigint): bigint | null {
    const entry = (ioba >> shift) - offset;
    const isInside = entry >= 0n && entry + (this.#countsPages ? npages : 1n) <= size;
    return ioba % (1n << shift) === 0n && isInside ? entry : null;
  }

  #reachList(gpa: bigint): bigint | null {
    const host = this.#host;
    const ua = host.uaOf(gpa);
    if (ua === null || this.#mode === 'virtual' || host.lookup(ua, 4096n) !== undefined) return ua;
    return host.backingShift === host.pageShift && host.isPresent(ua, 4096n) ? ua : null;
  }

  #storeView(view: NaiveView, entry: bigint, word: bigint): void {
    if (entry >= view.size) throw new NaiveCrash('guest view');
    store(view.entries, entry, word);
  }

  #map(table: NaiveTable, entry: bigint, ua: bigint | null, permissions: bigint): number {
    if (table.userspaceView === null || ua === null) return TOO_HARD;
    const region = this.#host.lookup(ua, table.pageBytes);
    if (region === undefined) return TOO_HARD;
    if (this.#mode === 'real' && !table.isUserspaceViewReachable) return HARDWARE;
    if (region.mapped === 0n) return CLOSED;
    region.mapped++;
    const old = table.exchange(entry, ua, permissions, this.#mode);
    if (old === null) {
      region.mapped--;
      return TOO_HARD;
    }
    if ((old & 3n) !== 0n) this.#uncount(table, entry);
    table.userspaceView.set(entry, ua);
    return SUCCESS;
  }

  #unmap(table: NaiveTable, entry: bigint): number {
    const old = table.exchange(entry, null, 0n, this.#mode);
    if (old === null) return TOO_HARD;
    const code = (old & 3n) === 0n ? SUCCESS : this.#uncount(table, entry);
    if (code !== SUCCESS) table.restore(entry, old, this.#mode);
    return code;
  }

  #uncount(table: NaiveTable, entry: bigint): number {
    if (table.userspaceView === null) return TOO_HARD;
    if (this.#mode === 'real' && !table.isUserspaceViewReachable) return HARDWARE;
    return uncount(this.#host, table, table.userspaceView, entry) ? SUCCESS : TOO_HARD;
  }
}

/** Drops one mapping of the region that the userspace view names; false where there is none. */
export function uncount(
  host: NaiveHost,
  table: NaiveTable,
  userspaceView: Map<bigint, bigint>,
  entry: bigint,
): boolean {
  const region = host.lookup(userspaceView.get(entry) ?? 0n, table.pageBytes);
  if (region === undefined) return false;
  if (region.mapped > 1n) region.mapped--;
  userspaceView.delete(entry);
  return true;
}

function isMisaligned({ shift }: NaiveView, word: bigint): boolean {
  return (word & 3n) !== 0n && (word & ~3n & ((1n << shift) - 1n)) !== 0n;
}
