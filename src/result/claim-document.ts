/** The arm whose rate the claim's slow figure is. */
export const SLOW_ARM = 'single-userspace';

/** The arms that the claim's fast figures may be of. */
export const FAST_ARMS = ['single-real', 'multi-real'] as const;

/**
 * What the evidence says of a band: most predictions lie in it, nearly all above or below it, neither; or next to no
 * draw of the costs can give the slow figure, so that machine and traffic cannot have been these.
 */
export type Verdict = 'inside' | 'above' | 'below' | 'undecided' | 'cannot';

/** The constant that the slow figure calibrates, over the draws that can give that figure. */
export interface Calibrated {
  readonly key: string;
  /** Median and 5 % .. 95 % of the solved values, in ns; null where no draw is consistent. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The assumed range of the constant: a draw that needs another value is inconsistent. */
  readonly rangeLow: number;
  readonly rangeHigh: number;
  readonly shareConsistent: number;
}

/** How one arm, predicted under the calibrated constant, stands to the claim's fast band. */
export interface ClaimArm {
  readonly id: string;
  /** Shares of the consistent draws below, inside and above the band. */
  readonly below: number;
  readonly inside: number;
  readonly above: number;
  readonly verdict: Verdict;
  /** Median and 5 % .. 95 % of the predicted rate, in bytes per second; null where no draw is consistent. */
  readonly rateBytesPerSec: number | null;
  readonly rateLow: number | null;
  readonly rateHigh: number | null;
  /** The same for the ratio to the slow figure. */
  readonly ratio: number | null;
  readonly ratioLow: number | null;
  readonly ratioHigh: number | null;
}

/** One choice of machine and traffic. */
export interface ClaimRow {
  /** What differs from the scenario that was run. */
  readonly scenario: string;
  readonly cost: string;
  /** Draws of the constants, consistent or not: more where some are. */
  readonly draws: number;
  readonly shareConsistent: number;
  /** Rate of the userspace arm if its exit beyond the virtual one were free: median and 5 % .. 95 %. */
  readonly ceilingAtLegZero: number;
  readonly ceilingLow: number;
  readonly ceilingHigh: number;
  /** Rate of the userspace arm at the calibrated constant's highest value: median. */
  readonly floorAtLegHigh: number;
  readonly arms: readonly ClaimArm[];
}

/** A claim of our own making, judged like the real one: a trial that cannot say no says nothing. */
export interface Placebo {
  readonly name: string;
  readonly band: readonly [number, number];
  readonly arm: string;
  readonly verdict: Verdict | 'no test';
  readonly rejected: boolean;
}

/** Which bands the evidence can reject for an arm, in bytes per second. */
export interface Severity {
  readonly arm: string;
  /** Every band that ends below the first or begins above the second is rejected: the widest ones. */
  readonly rejectsBelow: number;
  readonly rejectsAbove: number;
  /** The shortest band that would be called `inside`: no band that keeps half the mass can be shorter. */
  readonly narrowestInside: readonly [number, number];
}

/** How far the verdict moves if one assumption is wrong. */
export interface AssumptionShift {
  readonly assumption: string;
  readonly arm: string;
  /** Share inside the band where the constant is in the lowest and in the highest third of its draws. */
  readonly insideIfLow: number;
  readonly insideIfHigh: number;
}

/** How far the share in the band moves between the ends of an assumption. */
export function sizeOfShift({ insideIfLow, insideIfHigh }: AssumptionShift): number {
  return Math.abs(insideIfHigh - insideIfLow);
}

/** What batching and staying in the kernel give, apart: medians over the consistent draws. */
export interface ClaimStep {
  readonly from: string;
  readonly to: string;
  readonly what: 'batching' | 'no exit to user space' | 'real mode';
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
}

/** The trial of the claim. */
export interface ClaimDocument {
  readonly slow: number;
  readonly fast: readonly [number, number];
  /**
   * The row that all but {@link rows} is of: the scenario itself, or where it cannot have given the slow figure, the
   * row with most consistent draws.
   */
  readonly judgedRow: string;
  readonly calibrated: Calibrated;
  readonly arms: readonly ClaimArm[];
  readonly rows: readonly ClaimRow[];
  readonly steps: readonly ClaimStep[];
  readonly placebos: readonly Placebo[];
  readonly severity: readonly Severity[];
  readonly assumptions: readonly AssumptionShift[];
}
