import { GPA_TO_UA, type OperationCounts, REGION_LOOKUPS, UA_TO_HPA } from '../cost/operations.js';
import type { Host } from '../host/host.js';
import { TCE_LIST_ALIGN_BYTES } from '../papr/hcall.js';
import { joinWord } from '../papr/tce.js';
import type { ListAccess } from './revisions/mode-policy.js';

/** The list of an H_PUT_TCE_INDIRECT, as one mode reaches it: big-endian words in one 4 KiB page of guest memory. */
export class TceList {
  /** The words of the list reached last. */
  words: DataView = new DataView(new ArrayBuffer(TCE_LIST_ALIGN_BYTES));
  /** Whether the page stands where the handlers will read it; absent at its user address, they fault. */
  isPresent = true;
  /** Whether the hardware part follows; an emulated device has none. */
  updatesHardware = true;
  /** Whether an absent page stops the host, because the hardware part reads it as a plain pointer. */
  readonly faultsOnAbsence: boolean;
  readonly #host: Host;
  readonly #access: ListAccess;
  readonly #counts: OperationCounts;

  constructor(host: Host, access: ListAccess) {
    this.#host = host;
    this.#access = access;
    this.faultsOnAbsence = access === 'pointer';
    this.#counts = host.counts;
  }

  /** Finds the list at a guest address; false where this mode cannot. */
  reach(gpaHi: number, gpaLo: number): boolean {
    this.#count(GPA_TO_UA);
    const ua = this.#host.memslots.uaOf(joinWord(gpaHi, gpaLo));
    if (ua < 0) return false;
    this.words = this.#host.userMemory.pageToRead(ua);
    if (this.#access === 'registered') return this.#reachInRealMode(ua);
    if (this.#access === 'registered-or-page-table') {
      return this.#reachPinned(ua) || this.#reachByPageTable(ua);
    }
    this.isPresent = this.#host.pages.isPresent(ua, TCE_LIST_ALIGN_BYTES);
    return true;
  }

  #reachInRealMode(ua: number): boolean {
    this.updatesHardware = this.#host.preregistered.isAnyRegistered;
    return this.updatesHardware ? this.#reachPinned(ua) : this.#reachByPageTable(ua);
  }

  #reachPinned(ua: number): boolean {
    const { preregistered } = this.#host;
    if (!preregistered.isAnyRegistered) return false;
    this.#count(REGION_LOOKUPS);
    const region = preregistered.lookup(ua, TCE_LIST_ALIGN_BYTES);
    if (region === null) return false;
    this.#count(UA_TO_HPA);
    return region.isReachableInRealMode;
  }

  /** Real mode walks the page table itself and leaves every page larger than the host's to virtual mode. */
  #reachByPageTable(ua: number): boolean {
    const { backingShift, pages } = this.#host;
    return backingShift <= pages.pageShift && pages.isPresent(ua, TCE_LIST_ALIGN_BYTES);
  }

  #count(operation: number): void {
    const counts = this.#counts;
    counts[operation] = (counts[operation] as number) + 1;
  }
}
