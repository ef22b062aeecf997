import { COST_KEYS, type Prices } from './cost-profile.js';
import { OPERATIONS, type OperationCounts } from './operations.js';

/** Modelled time is whole picoseconds: sums come out the same in any order, and one byte at 10 Gb/s is 800. */
export const PICOSECONDS_PER_NS = 1000;

/**
 * Counts x prices = time. No other module adds up what an operation costs.
 *
 * Prices are rounded to whole picoseconds once, so a cost is exact below 2^53 ps, which is two and a half hours.
 */
export class CostModel {
  readonly psPerPacket: number;
  readonly psPerByte: number;
  readonly psPerTransaction: number;
  readonly #psPerOperation: Float64Array;

  constructor(prices: Prices) {
    this.#psPerOperation = Float64Array.from(OPERATIONS, (_, i) => {
      const key = COST_KEYS[i];
      return key === undefined ? 0 : Math.round(prices[key] * PICOSECONDS_PER_NS);
    });
    this.psPerPacket = Math.round(prices.otherWorkNsPerPacket * PICOSECONDS_PER_NS);
    this.psPerByte = Math.round(prices.otherWorkNsPerByte * PICOSECONDS_PER_NS);
    this.psPerTransaction = Math.round(prices.otherWorkNsPerTransaction * PICOSECONDS_PER_NS);
  }

  /** Time of the counted operations, `offset` being where the counts begin in a larger array. */
  operationsPs(counts: OperationCounts, offset = 0): number {
    let ps = 0;
    const prices = this.#psPerOperation;
    for (let i = 0; i < prices.length; i++) ps += (counts[offset + i] as number) * (prices[i] as number);
    return ps;
  }

  /** Time of the guest's work beside its hypercalls. */
  otherWorkPs(packets: number, bytes: number, transactions: number): number {
    return packets * this.psPerPacket + bytes * this.psPerByte + transactions * this.psPerTransaction;
  }
}
