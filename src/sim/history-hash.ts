/**
 * A running hash of what happened, in order: equal hashes mean equal histories for every practical purpose.
 * Two 32-bit lanes of multiply and xor, cheap enough for every hypercall.
 */
export class HistoryHash {
  #a = 0x811c9dc5 | 0;
  #b = 0x9747b28c | 0;

  /** Takes one 32-bit word in. */
  add(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 0x01000193);
    this.#b = Math.imul((this.#b ^ word ^ (this.#a >>> 15)) | 0, 0x85ebca6b) ^ (this.#b >>> 13);
  }

  /** Takes a whole number below 2^53 in. */
  addNumber(value: number): void {
    this.add(value | 0);
    this.add(Math.floor(value / 2 ** 32) | 0);
  }

  /** Sixteen hexadecimal digits. */
  digest(): string {
    return [this.#a, this.#b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
