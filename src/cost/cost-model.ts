import { PICOSECONDS_PER_NS } from '../units.js';
import { COST_KEYS, type CostKey, type Prices } from './cost-profile.js';
import { OPERATIONS, type OperationCounts } from './operations.js';

/**
 * Counts x prices = time. No other module adds up what an operation costs.
 *
 * Prices of operations are rounded to whole picoseconds once, so a cost is exact below 2^53 ps, which is two and a half hours.
 */
export class CostModel {
  readonly #prices: Prices;
  readonly #psPerOperation: Float64Array;

  constructor(prices: Prices) {
    this.#psPerOperation = new Float64Array(OPERATIONS.length);
    for (let i = 0; i < OPERATIONS.length; i++) {
      this.#psPerOperation[i] = Math.round(prices[COST_KEYS[i] as CostKey] * PICOSECONDS_PER_NS);
    }
    this.#prices = prices;
  }

  /** Time of the counted operations, `offset` being where the counts begin in a larger array. */
  operationsPs(counts: OperationCounts, offset = 0): number {
    let ps = 0;
    const prices = this.#psPerOperation;
    for (let i = 0; i < prices.length; i++) ps += (counts[offset + i] as number) * (prices[i] as number);
    return ps;
  }

  /** The price of one constant that is a time, in whole picoseconds. */
  pricePs(key: CostKey): number {
    return Math.round(this.#prices[key] * PICOSECONDS_PER_NS);
  }

  /** A constant that is a share. */
  shareOf(key: 'bqlShare' | 'siblingSignalShare'): number {
    return this.#prices[key];
  }

  /** Time of the guest's work beside its hypercalls; rounded as a whole, for a byte costs less than a picosecond. */
  otherWorkPs(packets: number, bytes: number, transactions: number): number {
    const { otherWorkNsPerPacket, otherWorkNsPerByte, otherWorkNsPerTransaction } = this.#prices;
    const ns =
      packets * otherWorkNsPerPacket + bytes * otherWorkNsPerByte + transactions * otherWorkNsPerTransaction;
    return Math.round(ns * PICOSECONDS_PER_NS);
  }
}
