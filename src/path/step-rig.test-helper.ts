import { GUEST_VIEW_4_10 } from '../host/guest-view-policy.js';
import { Host } from '../host/host.js';
import { HostFault } from '../host/host-fault.js';
import { EXCHANGE_FAILED, IommuTable, LEAF_ABSENT, LEAF_PRESENT } from '../host/iommu-table.js';
import type { MmuMode } from '../host/mmu-mode.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import { DmaWindow } from '../papr/dma-window.js';
import { highHalf, joinWord, lowHalf, TCE_WRITE } from '../papr/tce.js';
import { InKernelHandlers } from './in-kernel.js';
import type { ModePolicy } from './revisions/mode-policy.js';
import type { SpecState } from './spec-entries.test-helper.js';
import type { SpecCall } from './spec-model.test-helper.js';

export const UA = 0x2000_0000_0000;
export const LIOBN = 0x8000_0001;
const KIB = 2 ** 10;
const MIB = 2 ** 20;
/** First page of the window, so that there is an address below it. */
export const OFFSET = 16;

/** Guest addresses, each in a region of its own where it is in one. */
export const OLD = 0x5_0000;
export const NEW = MIB + 0x6_0000;
export const LIST = 2 * MIB;
/** In a slot, in no region. */
export const UNREGISTERED = 3 * MIB;
/** In a region whose pages are not larger than 4 KiB. */
export const SMALL = 4 * MIB + 64 * KIB;
/** The last 4 KiB of a slot; the next slot has another place in user memory. */
export const STRADDLING = 16 * MIB;
/** In no slot. */
export const HOLE = 48 * MIB;

const SLOTS = [
  { gpa: 0, end: STRADDLING + 4 * KIB, ua: UA },
  { gpa: STRADDLING + 4 * KIB, end: 32 * MIB, ua: UA + 48 * MIB },
];
const REGIONS = [
  [0, MIB],
  [MIB, MIB],
  [LIST, MIB],
  [4 * MIB + 4 * KIB, MIB],
  [STRADDLING, MIB],
] as const;

/** Memory of rigs that are done with, by length: making it anew would cost more than all calls. */
class RecycledBuffers extends SharedBuffers {
  static readonly #spare = new Map<number, SharedArrayBuffer[]>();
  readonly #taken: SharedArrayBuffer[] = [];

  override take(bytes: number): SharedArrayBuffer {
    const buffer = RecycledBuffers.#spare.get(bytes)?.pop() ?? super.take(bytes);
    this.#taken.push(buffer);
    return buffer;
  }

  release(): void {
    for (const buffer of this.#taken) {
      new Uint8Array(buffer).fill(0);
      const spare = RecycledBuffers.#spare.get(buffer.byteLength) ?? [];
      spare.push(buffer);
      RecycledBuffers.#spare.set(buffer.byteLength, spare);
    }
  }
}

/** Where a handler works: shifts of pages, entries. */
export interface Geometry {
  readonly name: string;
  readonly viewShift: number;
  readonly tableShift: number;
  /** log2 of the pages behind guest memory. */
  readonly backingShift: number;
  readonly size: number;
  readonly tables: number;
  /** Guest entries of each hardware table, if they are fewer than the view's. */
  readonly tableSize?: number;
  /** log2 of the entries in a leaf of a table that grows. */
  readonly leafShift?: number;
  /** Whether the guest view grows page by page. */
  readonly growsOnDemand?: boolean;
}

/** A hardware table in which any exchange of a writable entry can be made to fail, with the MMU on too. */
export class FaultyTable extends IommuTable {
  failsExchange = false;

  override exchange(entry: number, hpaHi: number, hpaLo: number, permissions: number, mode: MmuMode): number {
    const isWritable = entry >= 0 && entry < this.size && (this.entries.lo(entry) & TCE_WRITE) !== 0;
    const isAligned = (hpaLo & this.pageMask) === 0;
    if (this.failsExchange && isWritable && isAligned) return EXCHANGE_FAILED;
    return super.exchange(entry, hpaHi, hpaLo, permissions, mode);
  }
}

/** One guest view with its hardware tables, the memory above, and the handlers of one mode. */
export class StepRig {
  readonly geometry: Geometry;
  readonly host: Host;
  /** In the order in which handlers visit them. */
  readonly tables: readonly FaultyTable[];
  readonly container: VfioContainer;
  readonly #handlers: InKernelHandlers;
  readonly #unreachable = new Set<number>();
  readonly #buffers = new RecycledBuffers();

  constructor(policy: ModePolicy, geometry: Geometry) {
    const { viewShift, tableShift, backingShift, size, tables, tableSize, leafShift } = geometry;
    const host = new Host({ pageShift: 12, backingShift, bytes: 18 * MIB }, this.#buffers, {
      ...GUEST_VIEW_4_10,
      pages: geometry.growsOnDemand ? 'on-demand' : 'at-creation',
    });
    this.geometry = geometry;
    this.host = host;
    for (const { gpa, end, ua } of SLOTS) host.memslots.add(gpa, ua, end - gpa);
    const factor = 2 ** (viewShift - tableShift);
    const window = new DmaWindow(tableShift, OFFSET * factor, (tableSize ?? size) * factor);
    const made = Array.from(
      { length: tables },
      (_, i) => new FaultyTable(`${i}`, window, host.pages, host.buffers, leafShift),
    );
    this.container = new VfioContainer(host, []);
    for (const [start, bytes] of REGIONS) this.container.registerMemory(UA + start, bytes);
    host.createGuestView(LIOBN, { pageShift: viewShift, offset: OFFSET, size });
    for (const [group, table] of made.entries()) {
      if (!table.isSparse) table.allocateUserspaceView();
      host.findGuestView(LIOBN)?.attach(table, new VfioGroup(group), false);
    }
    this.tables = [...made].reverse();
    this.#handlers = new InKernelHandlers(host, policy);
  }

  /** Gives its memory to the next rig; nothing of this one may be used then. */
  release(): void {
    this.#buffers.release();
  }

  /** Lets an entry of the guest view map a page already, in every table. */
  premap(index: number, tce: number): void {
    const { viewShift, tableShift } = this.geometry;
    const factor = 2 ** (viewShift - tableShift);
    this.host.findGuestView(LIOBN)?.entries.store(index, 0, tce);
    this.host.findGuestView(LIOBN)?.allocatePage(index);
    for (const table of this.tables) {
      for (let i = 0; i < factor; i++) {
        const ua = UA + tce - (tce % 4) + i * 2 ** tableShift;
        const entry = index * factor + i;
        if (entry >= table.size) continue;
        table.allocateUserspaceView(entry);
        table.exchange(entry, highHalf(ua) ^ 0x300a, lowHalf(ua) ^ 0x5500_0000, tce % 4, 0);
        table.userspaceView[entry] = ua;
        this.host.preregistered.lookup(ua, 1)?.mappedInc();
      }
    }
  }

  hideFromRealMode(gpa: number): void {
    this.host.pages.setReachableInRealMode(UA + gpa, false);
    this.#unreachable.add(UA + gpa);
  }

  writeList(words: readonly number[], gpa = LIST): void {
    for (const [i, word] of words.entries()) this.host.storeWord(gpa + i * 8, highHalf(word), lowHalf(word));
  }

  /** The code, or the host's crash. */
  call({ name, liobn, ioba, word, npages }: SpecCall): number | 'crash' {
    const [iobaHi, iobaLo, hi, lo] = [highHalf(ioba), lowHalf(ioba), highHalf(word), lowHalf(word)];
    const handlers = this.#handlers;
    try {
      if (name === 'put') return handlers.putTce(liobn, iobaHi, iobaLo, hi, lo);
      if (name === 'indirect') return handlers.putTceIndirect(liobn, iobaHi, iobaLo, hi, lo, npages);
      if (name === 'stuff') return handlers.stuffTce(liobn, iobaHi, iobaLo, hi, lo, npages);
      return handlers.getTce(liobn, iobaHi, iobaLo);
    } catch (error) {
      if (error instanceof HostFault) return 'crash';
      throw error;
    }
  }

  get value(): number {
    return joinWord(this.#handlers.resultHi, this.#handlers.resultLo);
  }

  /** The whole state, copied, in the plain terms of the naive model. */
  state(): SpecState {
    const { host, geometry } = this;
    const view = host.findGuestView(LIOBN);
    const viewPageShift = host.pages.pageShift - 3;
    const pages = Array.from({ length: Math.ceil(geometry.size / 2 ** viewPageShift) }, (_, page) => page);
    const words = new Map<number, number>();
    for (let i = 0; i < geometry.size; i++) {
      const word = joinWord(view?.entries.hi(i) ?? 0, view?.entries.lo(i) ?? 0);
      if (word !== 0) words.set(i, word);
    }
    const hidden = new Set([...this.#unreachable].map((ua) => (BigInt(ua) ^ 0x300a_5500_0000n) >> 12n));
    return {
      liobn: LIOBN,
      shift: geometry.viewShift,
      offset: OFFSET,
      size: geometry.size,
      view: words,
      viewPageShift,
      viewPages: geometry.growsOnDemand
        ? new Set(pages.filter((page) => view?.hasPages(page << viewPageShift, 1)))
        : null,
      tables: this.tables.map(tableState),
      regions: host.preregistered.regions.map((region) => ({
        start: region.ua,
        end: region.end,
        pageShift: region.pageShift,
        isReachable: region.isReachableInRealMode,
        mapped: region.mapped,
      })),
      slots: SLOTS,
      isUnreachable: (hpa) => hidden.has(hpa >> 12n),
      isPresent: (ua) => host.pages.isPresent(ua, 4096),
      hasLargePages: geometry.backingShift > host.pages.pageShift,
      listWord: (ua, i) => {
        const page = host.userMemory.pageToRead(ua);
        return joinWord(page.getInt32(i * 8), page.getInt32(i * 8 + 4));
      },
    };
  }
}

function tableState(table: FaultyTable): SpecState['tables'][number] {
  const hw = new Map<number, bigint>();
  const ua = new Map<number, number>();
  for (let i = 0; i < table.size; i++) {
    const word = (BigInt(table.entries.hi(i) >>> 0) << 32n) | BigInt(table.entries.lo(i) >>> 0);
    if (word !== 0n) hw.set(i, word);
    const address = table.userspaceView[i] as number;
    if (address !== 0) ua.set(i, address);
  }
  return {
    shift: table.pageShift,
    size: table.size,
    leafShift: table.leafShift,
    isSparse: table.isSparse,
    leaves: Array.from(table.leaves, (leaf) =>
      leaf === LEAF_ABSENT ? 'absent' : leaf === LEAF_PRESENT ? 'present' : 'out of reach',
    ),
    hw,
    ua,
    failsExchange: table.failsExchange,
  };
}

/** What can be compared of a state, the same text for the same state. */
export function describeState({ view, viewPages, tables, regions }: SpecState): string {
  const sorted = (entries: ReadonlyMap<number, number | bigint>) =>
    [...entries].sort(([a], [b]) => a - b).map(([i, word]) => `${i}:${word.toString(16)}`);
  return [
    `view ${sorted(view)}`,
    `pages ${viewPages === null ? 'all' : [...viewPages].sort()}`,
    ...tables.map((table) => `hw ${sorted(table.hw)} ua ${sorted(table.ua)} leaves ${table.leaves}`),
    `mapped ${regions.map(({ mapped }) => mapped)}`,
  ].join('; ');
}
