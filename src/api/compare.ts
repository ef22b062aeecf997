import { compareDocuments } from '../compare/compare.js';
import type { ComparedDocument, ComparedInput } from '../compare/compared-input.js';
import { parseGate } from '../compare/gate.js';
import type { CompareDocument } from '../result/compare-document.js';

/** What a caller of {@link compare} may choose. */
export interface CompareChoices {
  /** Expressions such as `multi-real.rateBytesPerSec>=-2%`. */
  readonly gates?: readonly string[];
  /** Compare measured documents of different machines all the same. */
  readonly acrossMachines?: boolean;
}

/**
 * Compares two result documents metric by metric, or, without one before, holds one against gates. It sees the documents
 * alone: no raw rows, so ratios have no intervals, and no provenance, so measured documents need `acrossMachines`. The
 * command reads both from beside the file. A pure function of its arguments.
 *
 * @throws TcebenchError where a gate cannot be read
 */
export function compare(
  before: ComparedDocument | null,
  after: ComparedDocument,
  { gates = [], acrossMachines = false }: CompareChoices = {},
): CompareDocument {
  return compareDocuments(before === null ? null : alone('before', before), alone('after', after), {
    gates: gates.map(parseGate),
    acrossMachines,
  });
}

function alone(place: string, document: ComparedDocument): ComparedInput {
  return { place, document, samples: null, provenance: null, warnings: [] };
}
