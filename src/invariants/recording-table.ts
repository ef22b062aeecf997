import { CountedTable } from '../conform/counted-table.js';
import { EXCHANGE_FAILED } from '../host/iommu-table.js';
import type { MmuMode } from '../host/mmu-mode.js';

/** One exchange of a hardware entry, as it was seen from outside. */
export interface Swap {
  readonly table: RecordingTable;
  readonly entry: number;
  readonly mode: MmuMode;
  /** The word before it, in two halves. */
  readonly oldHi: number;
  readonly oldLo: number;
  /** The word after it; the old one where it failed. */
  readonly newHi: number;
  readonly newLo: number;
  /** What it returned: the old permission bits, or that it failed and was undone by a second exchange. */
  readonly returned: number;
}

/** A hardware table that keeps a record of its exchanges. */
export class RecordingTable extends CountedTable {
  readonly #swaps: Swap[] = [];

  override exchange(entry: number, hpaHi: number, hpaLo: number, permissions: number, mode: MmuMode): number {
    const { entries } = this;
    const oldHi = entries.hi(entry);
    const oldLo = entries.lo(entry);
    const returned = super.exchange(entry, hpaHi, hpaLo, permissions, mode);
    const newHi = entries.hi(entry);
    const newLo = entries.lo(entry);
    this.#swaps.push({ table: this, entry, mode, oldHi, oldLo, newHi, newLo, returned });
    return returned;
  }

  /** The exchanges since the last call, in their order. */
  takeSwaps(): readonly Swap[] {
    return this.#swaps.splice(0);
  }
}

/** Whether an exchange failed and left its entry as it was. */
export function hasFailed({ returned }: Swap): boolean {
  return returned === EXCHANGE_FAILED;
}
