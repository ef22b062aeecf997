import type { MeasureDocument, MeasuredSlice } from '../result/measure-document.js';
import type { Provenance } from '../result/provenance.js';
import type { ReplayDocument } from '../result/replay-document.js';
import type { RunDocument } from '../result/run-document.js';
import type { SweepDocument } from '../result/sweep-document.js';

/** The documents that can be compared. */
export type ComparedDocument = RunDocument | MeasureDocument | ReplayDocument | SweepDocument;

/** What a figure was made of: rates of every arm in every draw of the costs, or measured slices. */
export type Samples =
  | { readonly kind: 'drawn'; readonly rates: ReadonlyMap<string, readonly number[]> }
  | { readonly kind: 'measured'; readonly slices: readonly MeasuredSlice[] };

/** A document with what lies beside it. */
export interface ComparedInput {
  /** Where it came from, for messages. */
  readonly place: string;
  readonly document: ComparedDocument;
  /** null: none lies beside it, or not those of this document. */
  readonly samples: Samples | null;
  readonly provenance: Provenance | null;
  /** Why samples or provenance are not used though they are there. */
  readonly warnings: readonly string[];
}
