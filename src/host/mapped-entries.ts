import { MAPPED_UPDATES, type OperationCounts, REGION_LOOKUPS, UA_TO_HPA } from '../cost/operations.js';
import { joinWord } from '../papr/tce.js';
import { hpaHigh, hpaLow } from './host-address.js';
import type { IommuTable } from './iommu-table.js';
import type { PreregisteredMemory } from './preregistered-memory.js';

/** How far {@link MappedEntries.map} came. */
export const MAP_DONE = 0;
export const MAP_NO_REGION = 1;
export const MAP_REGION_DYING = 2;

/** How {@link MappedEntries.uncount} ended. */
export const UNCOUNT_DONE = 0;
export const UNCOUNT_NO_VIEW = 1;
export const UNCOUNT_NO_REGION = 2;

const TWO_32 = 2 ** 32;

/**
 * Hardware entries together with the mapped counts of the regions that they name: the steps that the KVM
 * handlers and the VFIO driver have in common, in the order in which both do them. Which return code or errno a
 * step gives is the caller's affair. Never an entry of a table without a userspace view in {@link map}.
 */
export class MappedEntries {
  readonly #preregistered: PreregisteredMemory;
  readonly #counts: OperationCounts;

  constructor(preregistered: PreregisteredMemory, counts: OperationCounts) {
    this.#preregistered = preregistered;
    this.#counts = counts;
  }

  /**
   * Maps one IOMMU page: the new mapping is counted first, then the entry exchanged, then the old one uncounted
   * (its result is ignored in every kernel read), then the userspace view stored.
   */
  map(table: IommuTable, entry: number, ua: number, permissions: number): number {
    const counts = this.#counts;
    counts[REGION_LOOKUPS] = (counts[REGION_LOOKUPS] as number) + 1;
    const region = this.#preregistered.lookup(ua, table.window.pageOffsetMask + 1);
    if (region === null) return MAP_NO_REGION;
    counts[UA_TO_HPA] = (counts[UA_TO_HPA] as number) + 1;
    counts[MAPPED_UPDATES] = (counts[MAPPED_UPDATES] as number) + 1;
    if (!region.mappedInc()) return MAP_REGION_DYING;
    const uaHi = (ua / TWO_32) | 0;
    const uaLo = ua | 0;
    if (table.exchange(entry, hpaHigh(uaHi), hpaLow(uaLo), permissions) !== 0) this.uncount(table, entry);
    table.userspaceView.store(entry, uaHi, uaLo);
    return MAP_DONE;
  }

  /** Drops the count of what an entry used to map, by the userspace view (`mapped_dec` of the handlers). */
  uncount(table: IommuTable, entry: number): number {
    if (!table.hasUserspaceView) return UNCOUNT_NO_VIEW;
    const view = table.userspaceView;
    const ua = joinWord(view.hi(entry), view.lo(entry));
    const counts = this.#counts;
    counts[REGION_LOOKUPS] = (counts[REGION_LOOKUPS] as number) + 1;
    const region = this.#preregistered.lookup(ua, table.window.pageOffsetMask + 1);
    if (region === null) return UNCOUNT_NO_REGION;
    counts[MAPPED_UPDATES] = (counts[MAPPED_UPDATES] as number) + 1;
    region.mappedDec();
    view.store(entry, 0, 0);
    return UNCOUNT_DONE;
  }
}
