import { csvText } from './csv-text.js';
import type { SensitivityDocument } from './sensitivity-document.js';

/** One row per constant, the heaviest first. */
export function sensitivityCsv({ clock, arm, cost, rows }: SensitivityDocument): string {
  return csvText(
    rows.map(({ key, unit, low, high, origin, rateAtLow, rateAtHigh, firstOrder, total }) => ({
      clock,
      arm,
      cost_profile: cost,
      constant: key,
      unit,
      low,
      high,
      origin,
      rate_at_low_bytes_per_sec: rateAtLow,
      rate_at_high_bytes_per_sec: rateAtHigh,
      variance_share_alone: firstOrder,
      variance_share_total: total,
    })),
  );
}
