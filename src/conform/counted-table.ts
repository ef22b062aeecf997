import { EXCHANGE_FAILED, IommuTable } from '../host/iommu-table.js';
import { type MmuMode, REAL_MODE } from '../host/mmu-mode.js';

/** A hardware table that counts its own exchanges, each of them one invalidation on the hardware. */
export class CountedTable extends IommuTable {
  /** Exchanges done with the MMU off. */
  realModeExchanges = 0;
  /** Exchanges done with the MMU on, those of ioctls included. */
  virtualModeExchanges = 0;

  override exchange(entry: number, hpaHi: number, hpaLo: number, permissions: number, mode: MmuMode): number {
    const old = super.exchange(entry, hpaHi, hpaLo, permissions, mode);
    // One that failed was followed by the one that restored the entry.
    const exchanges = old === EXCHANGE_FAILED ? 2 : 1;
    if (mode === REAL_MODE) this.realModeExchanges += exchanges;
    else this.virtualModeExchanges += exchanges;
    return old;
  }
}
