/** Buckets in each doubling: a quantile is exact to a part in so many. */
const PARTS = 1024;
const PART_BITS = 10;
/** Doublings above the first {@link PARTS}, up to 2^53 ps. */
const DOUBLINGS = 44;

/**
 * How often each duration occurred, in whole picoseconds: exact below 1024 ps, above to a part in 1024. Its size does
 * not grow with what is counted.
 */
export class DurationHistogram {
  readonly #counts = new Float64Array(PARTS * (DOUBLINGS + 1));
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(durationPs: number, times = 1): void {
    const bucket = bucketOf(durationPs);
    this.#counts[bucket] = (this.#counts[bucket] as number) + times;
    this.#total += times;
  }

  /** Forgets everything. */
  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** The duration that a share `p` does not exceed, rounded down to its bucket; null where nothing was counted. */
  quantilePs(p: number): number | null {
    if (this.#total === 0) return null;
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket] as number;
      if (seen > 0 && seen >= p * this.#total) return lowEndOf(bucket);
    }
    return null;
  }
}

function bucketOf(durationPs: number): number {
  if (durationPs < PARTS) return durationPs;
  let doublings = Math.min(DOUBLINGS - 1, Math.floor(Math.log2(durationPs)) - PART_BITS);
  // The logarithm of a number just below a power of two may be rounded up.
  if (durationPs < PARTS * 2 ** doublings) doublings--;
  const part = Math.floor(durationPs / 2 ** doublings) - PARTS;
  return PARTS * (doublings + 1) + Math.max(0, Math.min(PARTS - 1, part));
}

function lowEndOf(bucket: number): number {
  if (bucket < PARTS) return bucket;
  const doublings = Math.floor(bucket / PARTS) - 1;
  return ((bucket % PARTS) + PARTS) * 2 ** doublings;
}
