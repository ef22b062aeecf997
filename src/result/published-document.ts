/** What became of a published figure: in the model's interval, beside it, or no evidence because the model was told. */
export type PublishedVerdict = 'inside' | 'missed' | 'told';

/** One published figure beside the model's. */
export interface PublishedRow {
  readonly id: string;
  readonly preset: string;
  readonly figure: string;
  /** `input` and `calibrated` count for nothing; only `predicted` and `limit` are evidence. */
  readonly role: 'input' | 'calibrated' | 'predicted' | 'limit';
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
