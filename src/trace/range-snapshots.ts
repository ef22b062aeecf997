/** Lines `lineFrom` to `lineTo` of a log, 1-based and inclusive; none where `lineTo` is the smaller. */
export interface LineRange {
  readonly name: string;
  readonly lineFrom: number;
  readonly lineTo: number;
}

/**
 * What running totals were before and after ranges of lines: they are noted where a range begins or ends, so a call
 * costs one comparison however many ranges there are. Ranges may overlap.
 */
export class RangeSnapshots<T> {
  readonly #take: () => T;
  /** Lines behind which the totals are noted, ascending; the last is endless. */
  readonly #boundaries: Float64Array;
  readonly #snapshots = new Map<number, T>();
  #passed = 0;

  /** `take` gives the totals as they are now, in an object that no later call changes. */
  constructor(ranges: readonly LineRange[], take: () => T) {
    const lines = ranges.flatMap(({ lineFrom, lineTo }) => [lineFrom - 1, lineTo]);
    const ascending = [...new Set(lines)].sort((a, b) => a - b);
    this.#take = take;
    this.#boundaries = Float64Array.from([...ascending, Number.POSITIVE_INFINITY]);
  }

  /** Before the totals of a line are added; lines never go down. */
  before(line: number): void {
    if (line > (this.#boundaries[this.#passed] as number)) this.#pass(line);
  }

  /** Totals before the first and after the last line of a range; once all lines are through. */
  of({ lineFrom, lineTo }: LineRange): { readonly before: T; readonly after: T } {
    const before = this.#at(lineFrom - 1);
    return { before, after: lineTo < lineFrom ? before : this.#at(lineTo) };
  }

  #pass(line: number): void {
    while (line > (this.#boundaries[this.#passed] as number)) {
      this.#snapshots.set(this.#boundaries[this.#passed] as number, this.#take());
      this.#passed++;
    }
  }

  #at(line: number): T {
    return this.#snapshots.get(line) ?? this.#take();
  }
}
