import {
  GPA_TO_UA,
  LIST_READS,
  MAPPED_UPDATES,
  type OperationCounts,
  REGION_LOOKUPS,
  TCE_EXCHANGES,
  TCE_INVALIDATES,
  UA_TO_HPA,
} from '../cost/operations.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import type { EntryCodes } from './entry-codes.js';
import { HPA_XOR_HI, HPA_XOR_LO } from './host-address.js';
import {
  EXCHANGE_FAILED,
  type IommuTable,
  LEAF_ABSENT,
  LEAF_OUT_OF_REAL_MODE,
  LEAF_PRESENT,
} from './iommu-table.js';
import type { MemoryRegion } from './memory-region.js';
import { type MmuMode, REAL_MODE } from './mmu-mode.js';
import { PIN_FOUND, PIN_NO_REGION, PIN_NO_SLOT, type PinnedMemory } from './pinned-memory.js';
import type { PreregisteredMemory } from './preregistered-memory.js';

// An imported constant is read from memory at every use, one of this module is folded into the code.
const XOR_HI = HPA_XOR_HI;
const XOR_LO = HPA_XOR_LO;
const FAILED = EXCHANGE_FAILED;
const PERMISSIONS = TCE_PERMISSIONS;
const ABSENT = LEAF_ABSENT;
const PRESENT = LEAF_PRESENT;
const OUT_OF_REAL_MODE = LEAF_OUT_OF_REAL_MODE;
const READS = LIST_READS;
const TO_UA = GPA_TO_UA;
const LOOKUPS = REGION_LOOKUPS;
const TO_HPA = UA_TO_HPA;
const UPDATES = MAPPED_UPDATES;
const EXCHANGES = TCE_EXCHANGES;
const INVALIDATES = TCE_INVALIDATES;
// The address in a word is spelled out below: a call of `addressOf` costs half a nanosecond for each entry.
const TWO_32 = 2 ** 32;
const PER_HIGH_UNIT = 2 ** -32;

/** What a {@link MappedEntries} works on. */
export interface EntriesHost {
  readonly counts: OperationCounts;
  readonly preregistered: PreregisteredMemory;
}

/** What differs between the callers of a {@link MappedEntries}. */
export interface EntriesCaller {
  readonly mode: MmuMode;
  readonly codes: EntryCodes;
  /** How the words that it maps name their pages. */
  readonly pinned: PinnedMemory;
  /** Look-ups in the memory slots for each map: none where a word holds a user address. */
  readonly slotLookups: 0 | 1;
  /** Translations to host addresses for each mapping uncounted: the driver asks for one that it does not need. */
  readonly uncountTranslations: 0 | 1;
  /** Whether an IOMMU page must fit into the pages behind its region, as the region remembers them. */
  readonly checksRegionPages: boolean;
  /** Whether a missing leaf of a userspace view is made where a map needs it. */
  readonly allocatesLevels: boolean;
  /** Whether each exchange is followed by an invalidation of its own. */
  readonly invalidatesEach: boolean;
}

/**
 * Hardware entries together with the mapped counts of the regions that they name: the steps that the KVM handlers
 * (`kvmppc_tce_iommu_map`, `kvmppc_tce_iommu_unmap`, and their twins of real mode) and the VFIO driver have in
 * common, in the order in which both do them. Which code a failing step gives is the caller's affair.
 *
 * Every method counts its operations; a list pays for its counting once, behind its last entry.
 */
export class MappedEntries {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare private readonly mode: MmuMode;
  declare private readonly codes: EntryCodes;
  declare private readonly pinned: PinnedMemory;
  declare private readonly preregistered: PreregisteredMemory;
  declare private readonly counts: OperationCounts;
  declare private readonly slotLookups: number;
  declare private readonly uncountTranslations: number;
  declare private readonly restores: boolean;
  declare private readonly caller: EntriesCaller;
  declare private readonly invalidatesPerExchange: number;
  /** Old mappings uncounted and not yet in the counts. */
  private uncounted = 0;

  constructor(host: EntriesHost, caller: EntriesCaller) {
    this.mode = caller.mode;
    this.codes = caller.codes;
    this.pinned = caller.pinned;
    this.preregistered = host.preregistered;
    this.counts = host.counts;
    this.slotLookups = caller.slotLookups;
    this.uncountTranslations = caller.uncountTranslations;
    this.restores = caller.codes.unmap.restores;
    this.caller = caller;
    this.invalidatesPerExchange = caller.invalidatesEach ? 1 : 0;
  }

  /** Whether the address of a word lies in a memory slot: its first byte, as in the kernel. */
  isInSlot(pageMask: number, hi: number, lo: number): boolean {
    const address = (hi >>> 0) * TWO_32 + ((lo & ~PERMISSIONS) >>> 0);
    return this.pinned.covers(address, pageMask) || this.pinned.isInSlot(address);
  }

  /** Maps the page of a word, address and permission bits: 0 or a code. Without permission bits it is mapped too. */
  map(table: IommuTable, entry: number, hi: number, lo: number): number {
    const code = this.mapOne(table, entry, hi, lo);
    if (code === 0) this.count(1, 1);
    return code;
  }

  /** Maps the pages of a list of big-endian words, up to the first that fails: 0 or its code. */
  mapList(table: IommuTable, first: number, words: DataView, npages: number): number {
    for (let i = 0; i < npages; i++) {
      const code = this.mapOne(table, first + i, words.getInt32(i << 3), words.getInt32((i << 3) + 4));
      if (code !== 0) {
        this.add(READS, i + 1);
        this.count(i, i);
        return code;
      }
    }
    this.add(READS, npages);
    this.count(npages, npages);
    return 0;
  }

  /** Clears an entry and uncounts what it mapped: 0 or a code. */
  clear(table: IommuTable, entry: number): number {
    const code = this.restores ? this.clearOrRestore(table, entry) : this.clearOne(table, entry);
    this.count(0, 1);
    return code;
  }

  /** Clears an entry and forgets what it mapped: neither count nor userspace view is changed, no failure told. */
  wipe(table: IommuTable, entry: number): void {
    const old = table.exchange(entry, 0, 0, 0, this.mode);
    this.count(0, old === FAILED ? 2 : 1);
  }

  /** Clears entries, whatever comes of each. */
  clearRange(table: IommuTable, first: number, npages: number): void {
    // Asked once for the range: this loop is the hottest of H_STUFF_TCE.
    if (this.restores) for (let i = 0; i < npages; i++) this.clearOrRestore(table, first + i);
    else for (let i = 0; i < npages; i++) this.clearOne(table, first + i);
    this.count(0, npages);
  }

  /**
   * The new mapping is counted first, then the entry exchanged, then the old one uncounted (its result is ignored
   * in every kernel read), then the userspace view stored.
   */
  private mapOne(table: IommuTable, entry: number, hi: number, lo: number): number {
    const leaf = table.leaves[entry >> table.leafShift];
    if (leaf === ABSENT && !this.allocateLeaf(table, entry)) return this.codes.map.noUserspaceView;
    const pinned = this.pinned;
    const permissions = lo & PERMISSIONS;
    const address = (hi >>> 0) * TWO_32 + ((lo ^ permissions) >>> 0);
    if (!pinned.covers(address, table.pageMask)) {
      const code = this.pin(address, table.pageMask);
      if (code !== 0) return code;
    }
    if (leaf === OUT_OF_REAL_MODE && this.mode === REAL_MODE) return this.userspaceViewOutOfReach();
    const region = pinned.region as MemoryRegion;
    if (!region.mappedInc()) return this.regionDying();
    const ua = address + pinned.toUa;
    const hpaHi = (ua * PER_HIGH_UNIT) ^ XOR_HI;
    const old = table.exchange(entry, hpaHi, ua ^ XOR_LO, permissions, this.mode);
    if (old !== 0) {
      if (old === FAILED) return this.undoMap(region);
      this.uncount(table, entry);
    }
    table.userspaceView[entry] = ua;
    return 0;
  }

  private clearOne(table: IommuTable, entry: number): number {
    const old = table.exchange(entry, 0, 0, 0, this.mode);
    if (old === 0) return 0;
    return old === FAILED ? this.clearFailed() : this.uncount(table, entry);
  }

  private clearOrRestore(table: IommuTable, entry: number): number {
    const old = table.clear(entry, this.mode);
    if (old === 0) return 0;
    if (old === FAILED) return this.clearFailed();
    const code = this.uncount(table, entry);
    if (code === 0) return 0;
    // The kernel looks at no result either: the cleared entry has no page to mark dirty.
    table.exchange(entry, table.clearedHi, table.clearedLo & ~PERMISSIONS, old, this.mode);
    this.count(0, 1);
    return code;
  }

  /** Drops the count of what an entry used to map, by the userspace view (`mapped_dec` of the handlers). */
  private uncount(table: IommuTable, entry: number): number {
    const userspaceView = table.userspaceView;
    const ua = userspaceView[entry] as number;
    const region = this.pinned.region;
    const isPresent = table.leaves[entry >> table.leafShift] === PRESENT;
    if (!isPresent || region === null || !region.holds(ua, table.pageMask)) {
      return this.uncountBySearch(table, entry, ua);
    }
    region.mappedDec();
    userspaceView[entry] = 0;
    this.uncounted++;
    return 0;
  }

  private uncountBySearch(table: IommuTable, entry: number, ua: number): number {
    const leaf = table.leaves[entry >> table.leafShift];
    if (leaf === ABSENT) return this.codes.unmap.noUserspaceView;
    if (leaf === OUT_OF_REAL_MODE && this.mode === REAL_MODE) return this.codes.unmap.userspaceViewOutOfReach;
    const region = this.preregistered.lookup(ua, table.pageMask + 1);
    if (region === null) return this.notCounted();
    region.mappedDec();
    table.userspaceView[entry] = 0;
    this.uncounted++;
    return 0;
  }

  /** Counts what entries took that were mapped or cleared since the last call: `exchanges`, among them `maps`. */
  private count(maps: number, exchanges: number): void {
    const uncounted = this.uncounted;
    this.uncounted = 0;
    this.add(TO_UA, maps * this.slotLookups);
    this.add(LOOKUPS, maps + uncounted);
    this.add(TO_HPA, maps + uncounted * this.uncountTranslations);
    this.add(UPDATES, maps + uncounted);
    this.add(EXCHANGES, exchanges);
    this.add(INVALIDATES, exchanges * this.invalidatesPerExchange);
  }

  private add(operation: number, times: number): void {
    const counts = this.counts;
    counts[operation] = (counts[operation] as number) + times;
  }

  /** 0 where the page is pinned now, else a code. */
  private pin(address: number, pageMask: number): number {
    const found = this.pinned.search(address, pageMask, this.mode, this.caller.checksRegionPages);
    if (found === PIN_FOUND) return 0;
    this.add(TO_UA, this.slotLookups);
    if (found === PIN_NO_SLOT) return this.codes.map.noSlot;
    this.add(LOOKUPS, 1);
    if (found === PIN_NO_REGION) return this.codes.map.noRegion;
    this.add(TO_HPA, 1);
    return this.codes.map.noHostAddress;
  }

  /** Whether the leaf of an entry is there now. A table in one piece gets its one leaf from a VFIO map only. */
  private allocateLeaf(table: IommuTable, entry: number): boolean {
    if (!table.isSparse || !this.caller.allocatesLevels) return false;
    table.allocateUserspaceView(entry);
    return true;
  }

  private userspaceViewOutOfReach(): number {
    this.add(TO_UA, this.slotLookups);
    this.add(LOOKUPS, 1);
    this.add(TO_HPA, 1);
    return this.codes.map.userspaceViewOutOfReach;
  }

  private regionDying(): number {
    this.count(1, 0);
    return this.codes.map.regionDying;
  }

  /** Two exchanges were done: the second restored the entry. */
  private undoMap(region: MemoryRegion): number {
    region.mappedDec();
    this.add(UPDATES, 1);
    this.count(1, 2);
    return this.codes.map.exchangeFailed;
  }

  /** The exchange that restored the entry; the one before it is the caller's to count. */
  private clearFailed(): number {
    this.count(0, 1);
    return this.codes.unmap.exchangeFailed;
  }

  private notCounted(): number {
    this.add(LOOKUPS, 1);
    return this.codes.unmap.noRegion;
  }
}
