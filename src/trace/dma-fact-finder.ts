import type { DmaWindow } from '../papr/dma-window.js';
import { MAX_INDIRECT_TCES } from '../papr/hcall.js';
import { joinWord, TCE_PERMISSIONS, TCE_READ } from '../papr/tce.js';
import type { DmaFacts } from '../result/dma-facts.js';
import { ClearOrder } from './clear-order.js';
import { Lifetimes } from './lifetimes.js';
import { PageUses } from './page-uses.js';
import type { CallConsumer } from './replay.js';
import type { TraceCall } from './trace-call.js';

/** Maps of more TCEs than this come from the large pool. */
const SMALL_TCES = 15;
const BLOCK_TCES = 16;

/** A table by the log alone, with what facts need of each entry. */
class FactTable {
  readonly window: DmaWindow;
  /** Page of each entry, -1 where it is not live. */
  readonly pages: Float64Array;
  /** Length of the map that begins at an entry. */
  readonly lengths: Int32Array;
  /** Number of the call that last began a map at an entry. */
  readonly begunAt: Float64Array;
  readonly transmits: ClearOrder;
  /** The last map: its first entry and page, its length and permissions, whether it is after boot and its last call
   * with the entries that this one set. */
  first = -1;
  firstPage = -1;
  npages = 0;
  permissions = 0;
  isCounted = false;
  lastCall = 0;
  lastTces = 0;
  /** Where the small map before the last one began. */
  smallBefore = -1;

  constructor(window: DmaWindow) {
    this.window = window;
    this.pages = new Float64Array(window.size).fill(-1);
    this.lengths = new Int32Array(window.size);
    this.begunAt = new Float64Array(window.size);
    this.transmits = new ClearOrder(window.size);
  }
}

/**
 * Counts what is known of guest kernels' use of DMA windows, call by call, from a log alone. A map may be many calls:
 * puts in a row that go on at the next entry with the next page, as without multi-TCE, and what goes on so after a
 * full list. One consumer of one replay.
 */
export class DmaFactFinder implements CallConsumer {
  readonly #bootEndLine: number;
  readonly #tables = new Map<number, FactTable>();
  readonly #pages = new PageUses();
  readonly #reuse = new Lifetimes();
  readonly #byPermission = [0, 0, 0, 0];
  #calls = 0;
  #maps = 0;
  #tces = 0;
  #hotTces = 0;
  #sharedTces = 0;
  #smallSteps = 0;
  #nextBlocks = 0;
  #transmitsCleared = 0;
  #oldestCleared = 0;
  #stuffs = 0;
  #wholeStuffs = 0;

  /** Calls up to the line where boot ends are followed, not counted. */
  constructor(bootEndLine: number) {
    this.#bootEndLine = bootEndLine;
  }

  newTable(liobn: number, window: DmaWindow): void {
    this.removeTable(liobn);
    this.#tables.set(liobn, new FactTable(window));
  }

  removeTable(liobn: number): void {
    const table = this.#tables.get(liobn);
    for (const page of table?.pages ?? []) if (page >= 0) this.#pages.unmap(page);
    this.#tables.delete(liobn);
  }

  call(call: TraceCall): void {
    this.#calls++;
    const table = this.#tables.get(call.liobn);
    if (table === undefined || call.effective === 0) return;
    const isCounted = call.line > this.#bootEndLine;
    const entry = table.window.entryOf(call.iobaHi, call.iobaLo);
    if ((call.tceLo & TCE_PERMISSIONS) === 0) this.#clear(table, call, entry, isCounted);
    else this.#map(table, call, entry, isCounted);
  }

  /** The facts when the replay is over. */
  get facts(): DmaFacts {
    for (const table of this.#tables.values()) this.#endMap(table);
    const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
    const [, one = 0, two = 0, three = 0] = this.#byPermission;
    return {
      maps: this.#maps,
      nextBlockShare: share(this.#nextBlocks, this.#smallSteps),
      transmitFifoShare: share(this.#oldestCleared, this.#transmitsCleared),
      byPermission: { '1': one, '2': two, '3': three },
      reuseCalls: this.#reuse.quantiles(),
      hotPageShare: share(this.#hotTces, this.#tces),
      sharedPageShare: share(this.#sharedTces, this.#tces),
      wholeUnmapShare: share(this.#wholeStuffs, this.#stuffs),
    };
  }

  #map(table: FactTable, call: TraceCall, entry: number, isCounted: boolean): void {
    const { effective } = call;
    const permissions = call.tceLo & TCE_PERMISSIONS;
    const page = Math.floor(joinWord(call.tceHi, call.tceLo) / table.window.pageBytes);
    const step = call.tceStep === 0 ? 0 : 1;
    const goesOn =
      table.lastCall === this.#calls - 1 &&
      (call.kind === 'put' || table.lastTces === MAX_INDIRECT_TCES) &&
      entry === table.first + table.npages &&
      page === table.firstPage + table.npages &&
      permissions === table.permissions;
    if (!goesOn) this.#beginMap(table, entry, page, permissions, isCounted);
    table.npages += effective;
    table.lastCall = this.#calls;
    table.lastTces = effective;
    for (let i = 0; i < effective; i++) {
      if (isCounted) this.#countTce(page + i * step, permissions);
      this.#release(table, entry + i);
    }
    for (let i = 0; i < effective; i++) {
      this.#pages.map(page + i * step);
      table.pages[entry + i] = page + i * step;
      if (permissions === TCE_READ) table.transmits.set(entry + i);
    }
  }

  #countTce(page: number, permissions: number): void {
    this.#tces++;
    this.#byPermission[permissions] = (this.#byPermission[permissions] as number) + 1;
    if (this.#pages.wasMapped(page)) this.#hotTces++;
    if (this.#pages.mappings(page) > 0) this.#sharedTces++;
  }

  #beginMap(table: FactTable, entry: number, page: number, permissions: number, isCounted: boolean): void {
    this.#endMap(table);
    table.first = entry;
    table.firstPage = page;
    table.npages = 0;
    table.permissions = permissions;
    table.isCounted = isCounted;
    if (isCounted) {
      this.#maps++;
      const before = table.begunAt[entry] as number;
      if (before > 0) this.#reuse.add(this.#calls - before);
    }
    table.begunAt[entry] = this.#calls;
  }

  /** A map has all its entries: its length is known. */
  #endMap(table: FactTable): void {
    const { first, npages } = table;
    if (first < 0) return;
    table.lengths[first] = npages;
    table.first = -1;
    if (npages > SMALL_TCES) return;
    if (table.smallBefore >= 0 && table.isCounted) {
      this.#smallSteps++;
      if (first - table.smallBefore === BLOCK_TCES) this.#nextBlocks++;
    }
    table.smallBefore = first;
  }

  #clear(table: FactTable, call: TraceCall, entry: number, isCounted: boolean): void {
    const { effective } = call;
    this.#endMap(table);
    let cleared = 0;
    for (let i = entry; i < entry + effective; i++) {
      const isOldest = table.transmits.clear(i);
      if (isOldest !== null && isCounted) {
        this.#transmitsCleared++;
        if (isOldest) this.#oldestCleared++;
      }
      if (this.#release(table, i)) cleared++;
    }
    if (call.kind !== 'stuff' || cleared === 0 || !isCounted) return;
    this.#stuffs++;
    if (cleared === effective && table.lengths[entry] === effective) this.#wholeStuffs++;
  }

  /** Takes an entry's page out of the account: whether it was live. */
  #release(table: FactTable, entry: number): boolean {
    const page = table.pages[entry] as number;
    if (page < 0) return false;
    this.#pages.unmap(page);
    table.pages[entry] = -1;
    return true;
  }
}
