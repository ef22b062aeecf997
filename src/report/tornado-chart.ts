import type { TopLevelSpec } from 'vega-lite';
import type { SensitivityDocument } from '../result/sensitivity-document.js';
import { formatMegabytesPerSec, MB } from '../units.js';

const BAR_COLOR = '#0072b2';
const INK = '#222222';

/** The tornado of one arm: its rate as each constant alone goes through its range. A specification of Vega-Lite. */
export function tornadoChart(document: SensitivityDocument): TopLevelSpec {
  const { arm, cost, rateBytesPerSec } = document;
  const rows = document.rows.map(({ key, rateAtLow, rateAtHigh, total }) => ({
    key,
    low: Math.min(rateAtLow, rateAtHigh) / MB,
    high: Math.max(rateAtLow, rateAtHigh) / MB,
    share: `${(100 * Math.max(0, total)).toFixed(0)} %`,
  }));
  const y = { field: 'key', type: 'nominal' as const, sort: null, title: null };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: `Which assumption carries ${arm}`,
      subtitle: [
        `${formatMegabytesPerSec(rateBytesPerSec)} with every cost of ${cost} at its value; bars: one cost from end to end of its range`,
        'labels: share of the variance with all costs free',
      ],
      anchor: 'start',
      fontSize: 16,
      subtitleFontSize: 12,
      subtitleColor: '#555555',
    },
    width: 720,
    height: { step: 26 },
    padding: 16,
    background: '#ffffff',
    data: { values: rows },
    layer: [
      {
        mark: { type: 'bar', color: BAR_COLOR, height: 14 },
        encoding: {
          y,
          x: {
            field: 'low',
            type: 'quantitative',
            title: 'modelled payload rate (MB/s; 1 MB = 1,000,000 bytes)',
            scale: { zero: false },
          },
          x2: { field: 'high' },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 6, color: INK },
        encoding: { y, x: { field: 'high', type: 'quantitative' }, text: { field: 'share' } },
      },
      {
        data: { values: [{ at: rateBytesPerSec / MB }] },
        mark: { type: 'rule', color: INK, strokeDash: [4, 3] },
        encoding: { x: { field: 'at', type: 'quantitative' } },
      },
    ],
  };
}
