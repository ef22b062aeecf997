/**
 * Finds the clearing of a whole table that a guest kernel does at boot: the longest run of clears that begins at
 * IOBA 0, each going on where the one before it ended, in pieces of any size. Addresses are in units of 4 KiB.
 */
export class ClearingRun {
  #end = 0;
  #longestEnd = 0;
  #longestLine = 0;

  /** A successful clear of [start, end). */
  clear(start: number, end: number, line: number): void {
    if (end === start) return;
    if (start !== 0 && start !== this.#end) {
      this.#end = 0;
      return;
    }
    this.#end = end;
    if (end < this.#longestEnd) return;
    this.#longestEnd = end;
    this.#longestLine = line;
  }

  /** Whatever else happens to the table ends a run. */
  interrupt(): void {
    this.#end = 0;
  }

  /** Where the longest run ended, 0 if there was none; of equally long ones the last counts. */
  get end(): number {
    return this.#longestEnd;
  }

  /** Line of the last call of that run, 0 if there was none. */
  get line(): number {
    return this.#longestLine;
  }
}
