/** What became of a published figure: in the model's interval, beside it, or no evidence because the model was told. */
export type PublishedVerdict = 'inside' | 'missed' | 'told';

/**
 * What a published figure is to the model. `input`: a constant is this figure. `calibrated`: a constant or its
 * range was made for it, or would be if a run needed that constant. `predicted`: no constant knows it. `limit`: the model
 * must reach it whatever its prices are. Only the last two are evidence, and a limit only of how the model counts.
 */
export type PublishedRole = 'input' | 'calibrated' | 'predicted' | 'limit';

/** One published figure beside the model's. */
export interface PublishedRow {
  readonly id: string;
  readonly preset: string;
  readonly figure: string;
  readonly role: PublishedRole;
  readonly unit: string;
  readonly publishedLow: number;
  readonly publishedHigh: number;
  readonly modelLow: number;
  readonly modelHigh: number;
  readonly verdict: PublishedVerdict;
  /**
   * The factor between the nearest ends of both intervals, 1 where they meet; of a limit the factor by which the model
   * leaves it, 1 where it never does.
   */
  readonly missedBy: number;
  readonly how: string;
  readonly mark: string;
  readonly source: string;
  readonly remark: string;
}

/** What the rows say together. */
export interface PublishedTally {
  readonly evidence: number;
  readonly inside: number;
  readonly missed: number;
  /** Inputs and calibrated figures. */
  readonly notCounted: number;
}
