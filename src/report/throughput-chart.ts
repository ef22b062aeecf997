import type { TopLevelSpec } from 'vega-lite';
import type { RunDocument } from '../result/run-document.js';
import { MB, significant } from '../units.js';

/** Colours that stay apart for colour-blind readers (Okabe and Ito). */
const PATH_COLORS = { userspace: '#d55e00', virtual: '#e69f00', real: '#0072b2', direct: '#777777' } as const;
const CLAIM_COLOR = '#009e73';
const INK = '#222222';

/**
 * Throughput of every arm with its interval, the claim's two numbers as a line and a band, and the wire as the
 * ceiling. A specification of Vega-Lite: the same one serves a file and a page.
 */
export function throughputChart(document: RunDocument): TopLevelSpec {
  const wire = document.wireBytesPerSec / MB;
  const { slow, fast } = document.claimNumbers;
  const claimSlow = slow / MB;
  const [claimLow, claimHigh] = [fast[0] / MB, fast[1] / MB];
  const rows = document.arms.map((arm) => ({
    arm: arm.id,
    path: arm.path,
    rate: arm.rateBytesPerSec / MB,
    low: arm.rateLow / MB,
    high: arm.rateHigh / MB,
    label: significant(arm.rateBytesPerSec / MB),
  }));
  const domainEnd = Math.max(wire, claimHigh) * 1.12;
  const x = {
    type: 'quantitative' as const,
    scale: { domain: [0, domainEnd], nice: false },
    title: 'modelled payload rate (MB/s; 1 MB = 1,000,000 bytes)',
  };
  const y = { field: 'arm', type: 'nominal' as const, sort: null, title: null };
  const marks = [
    { at: claimSlow, text: `claim: ${significant(claimSlow)}`, color: CLAIM_COLOR, align: 'center' as const },
    {
      at: (claimLow + claimHigh) / 2,
      text: `claim: ${significant(claimLow)}..${significant(claimHigh)}`,
      color: CLAIM_COLOR,
      align: 'center' as const,
    },
    { at: wire, text: `wire: ${significant(wire)}`, color: INK, align: 'left' as const },
  ];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: 'What a card carries, by the path that serves its TCE hypercalls',
      subtitle: [
        `${setting(document)}; ${document.cost.title}`,
        'bars: every assumed cost in the middle of its range; whiskers: 5 % to 95 % of the draws',
      ],
      anchor: 'start',
      fontSize: 16,
      subtitleFontSize: 12,
      subtitleColor: '#555555',
      offset: 26,
    },
    width: 720,
    height: { step: 34 },
    padding: 16,
    background: 'white',
    data: { values: rows },
    layer: [
      {
        data: { values: [{ from: claimLow, to: claimHigh }] },
        mark: { type: 'rect', color: CLAIM_COLOR, opacity: 0.16 },
        encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
      },
      {
        data: { values: [{ at: claimSlow }] },
        mark: { type: 'rule', color: CLAIM_COLOR, strokeWidth: 2, strokeDash: [5, 4] },
        encoding: { x: { ...x, field: 'at' } },
      },
      {
        mark: { type: 'bar', height: 20 },
        encoding: {
          x: { ...x, field: 'rate' },
          y,
          color: {
            field: 'path',
            type: 'nominal',
            scale: { domain: Object.keys(PATH_COLORS), range: Object.values(PATH_COLORS) },
            legend: { title: 'served in', orient: 'right' },
          },
        },
      },
      {
        mark: { type: 'rule', color: INK, strokeWidth: 1.5 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
      },
      ...(['low', 'high'] as const).map((end) => ({
        mark: { type: 'tick' as const, color: INK, thickness: 1.5, size: 12 },
        encoding: { x: { ...x, field: end }, y },
      })),
      {
        mark: { type: 'text', align: 'left', dx: 8, fontSize: 12, fontWeight: 'bold', color: INK },
        encoding: { x: { datum: wire }, y, text: { field: 'label' } },
      },
      {
        data: { values: [{ at: wire }] },
        mark: { type: 'rule', color: INK, strokeWidth: 1.5 },
        encoding: { x: { ...x, field: 'at' } },
      },
      ...marks.map((mark) => ({
        data: { values: [mark] },
        mark: {
          type: 'text' as const,
          y: -8,
          baseline: 'bottom' as const,
          align: mark.align,
          color: mark.color,
          fontSize: 11,
        },
        encoding: { x: { ...x, field: 'at' }, text: { field: 'text' } },
      })),
    ],
    config: {
      font: 'DejaVu Sans, Verdana, sans-serif',
      view: { stroke: null },
      axis: { labelFontSize: 12, titleFontSize: 12, gridColor: '#e6e6e6', domainColor: '#888888' },
    },
  };
}

/** What was run, in a few words. */
function setting({ arms }: RunDocument): string {
  const [arm] = arms;
  if (arm === undefined) return 'no arm';
  return `TCP ${arm.direction === 'tx' ? 'transmit' : 'receive'} stream, MTU ${arm.mtu}, kernel revision ${arm.revision}`;
}
