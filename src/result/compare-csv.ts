import type { CompareDocument } from './compare-document.js';
import { csvText } from './csv-text.js';

/** One row per metric; values in the unit of the metric, which is named. */
export function compareCsv({ clock, rows }: CompareDocument): string {
  return csvText(
    rows.map(({ metric, unit, better, basis, before, after, ratio, low, high, p, verdict }) => ({
      clock,
      metric,
      unit,
      better,
      basis,
      before,
      after,
      ratio,
      ratio_low: low,
      ratio_high: high,
      p,
      verdict,
    })),
  );
}
