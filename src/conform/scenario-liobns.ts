import { formatWord, highHalf, joinWord, lowHalf } from '../papr/tce.js';
import type { Word } from './scenario-fields.js';

/**
 * The numbers that stand for the 64-bit LIOBNs of a scenario: the LIOBN itself, or one below zero where no number can
 * hold it, for hypercalls compare all 64 bits.
 */
export class ScenarioLiobns {
  /** Every LIOBN ever named, by the number that stands for it. */
  readonly #names = new Map<number, string>();

  numberOf(liobn: Word): number {
    const name = formatWord(liobn.hi, liobn.lo);
    const value = joinWord(liobn.hi, liobn.lo);
    const isExact = highHalf(value) === liobn.hi && lowHalf(value) === liobn.lo;
    if (!isExact) {
      for (const [number, known] of this.#names) if (known === name) return number;
    }
    const number = isExact ? value : -1 - this.#names.size;
    this.#names.set(number, name);
    return number;
  }

  /** How a scenario writes the LIOBN of a number from {@link numberOf}. */
  nameOf(number: number): string {
    return this.#names.get(number) ?? '';
  }
}
