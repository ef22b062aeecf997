import { GPA_TO_UA, type OperationCounts, REGION_LOOKUPS, UA_TO_HPA } from '../cost/operations.js';
import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import type { IommuTable } from '../host/iommu-table.js';
import { PIN_FOUND, PIN_NO_HOST_ADDRESS, PIN_NO_SLOT, type PinnedMemory } from '../host/pinned-memory.js';
import { H_SUCCESS } from '../papr/hcall-return.js';
import { addressOf, TCE_PERMISSIONS } from '../papr/tce.js';
import type { ModePolicy } from './revisions/mode-policy.js';

// An imported constant is read from memory at every use, one of this module is folded into the code.
const PERMISSIONS = TCE_PERMISSIONS;

/**
 * What the handlers of one mode look at before they use a word (`kvmppc_tce_validate` and its forerunners): bits below
 * its page, and in later kernels whether every table could map it. One thread at a time may call it.
 */
export class TceCheck {
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare private readonly pinned: PinnedMemory;
  declare private readonly counts: OperationCounts;
  declare private readonly policy: ModePolicy;
  declare private readonly acceptsPoison: boolean;
  declare private readonly notMappable: number | null;

  constructor(host: Host, policy: ModePolicy) {
    this.pinned = host.pinned;
    this.counts = host.counts;
    this.policy = policy;
    this.acceptsPoison = policy.acceptsPoison;
    this.notMappable = policy.notMappable;
  }

  /** 0, or the code with which the word is refused. */
  check(view: GuestView, hi: number, lo: number): number {
    if ((lo & PERMISSIONS) === 0 && this.acceptsPoison) return H_SUCCESS;
    if (hasBitsBelowPage(view.pageMask, lo)) return this.policy.misaligned;
    return this.notMappable === null ? H_SUCCESS : this.lookUp(view, hi, lo, this.notMappable);
  }

  private lookUp(view: GuestView, hi: number, lo: number, notMappable: number): number {
    const address = addressOf(hi, lo);
    const { tables } = view;
    this.count(GPA_TO_UA, 1);
    if (tables.length === 0) return this.pinned.isInSlot(address) ? H_SUCCESS : notMappable;
    for (let i = 0; i < tables.length; i++) {
      const found = this.find(address, (tables[i] as IommuTable).pageMask);
      if (found === PIN_NO_SLOT) return notMappable;
      this.count(REGION_LOOKUPS, 1);
      if (found === PIN_FOUND || found === PIN_NO_HOST_ADDRESS) this.count(UA_TO_HPA, 1);
      if (found !== PIN_FOUND) return notMappable;
    }
    return H_SUCCESS;
  }

  private find(address: number, pageMask: number): number {
    if (this.pinned.covers(address, pageMask)) return PIN_FOUND;
    return this.pinned.search(address, pageMask, this.policy.mode, this.policy.checksRegionPages);
  }

  private count(operation: number, times: number): void {
    const counts = this.counts;
    counts[operation] = (counts[operation] as number) + times;
  }
}

/** Bits of a TCE below the IOMMU page that are no permission: reserved in the guest view, misaligned in hardware. */
export function hasBitsBelowPage(pageMask: number, tceLo: number): boolean {
  return (tceLo & pageMask & ~PERMISSIONS) !== 0;
}
