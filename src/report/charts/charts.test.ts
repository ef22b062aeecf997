import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { chartsOf } from '../report-page.js';
import { everyKind, MARKUP } from '../sample-inputs.test-helper.js';
import { tableCsv } from './chart.js';
import { svgToPng } from './chart-png.js';
import { chartSvg } from './chart-svg.js';

const charts = (await everyKind()).flatMap(({ file, result }) =>
  chartsOf(result).map((chart) => ({ file, ...chart })),
);

/** Titles of all axes of quantities in a specification. */
function axisTitles(spec: unknown): string[] {
  if (typeof spec !== 'object' || spec === null) return [];
  const { type, title, field } = spec as { type?: unknown; title?: unknown; field?: unknown };
  const own = type === 'quantitative' && field !== undefined ? [String(title)] : [];
  return [...own, ...Object.values(spec).flatMap(axisTitles)];
}

describe.each(charts)('the chart $id of $file', (chart) => {
  it('is drawn without a complaint of its grammar', () => {
    const complaints: unknown[] = [];
    const logger = {
      ...{ level: () => logger, info: () => logger, debug: () => logger },
      error: (...words: unknown[]) => {
        complaints.push(words);
        return logger;
      },
      warn: (...words: unknown[]) => {
        complaints.push(words);
        return logger;
      },
    };
    compile(chart.spec as TopLevelSpec, { logger } as unknown as Parameters<typeof compile>[1]);
    expect(complaints).toEqual([]);
  });

  it('says on its axes which clock ran and in which unit, and never names the other clock', () => {
    const titles = axisTitles(chart.spec);
    expect(titles.length).toBeGreaterThan(0);
    expect(titles.some((title) => title.startsWith(chart.clock) || title.includes(` ${chart.clock} `))).toBe(
      true,
    );
    const other = chart.clock === 'modelled' ? 'measured' : 'modelled';
    for (const title of [...titles, ...chart.table.columns.map((column) => column.title)]) {
      expect(title).not.toContain(other);
    }
  });

  it('is the same drawing twice, without names that two drawings of a page would share', async () => {
    const svg = await chartSvg(chart);
    expect(await chartSvg(chart)).toBe(svg);
    expect(svg).not.toMatch(/ id="/);
    expect(svg).toContain('<desc>');
    expect(svg).not.toContain('<img');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('has every number of its table in its CSV', () => {
    const { columns, rows } = chart.table;
    const [head, ...lines] = tableCsv(chart.table).trim().split('\n');
    expect(head).toBe(columns.map(({ key }) => key).join(','));
    expect(lines).toHaveLength(rows.length);
    expect(rows.flat().every((cell) => typeof cell !== 'number' || Number.isFinite(cell))).toBe(true);
  });
});

describe('a chart as PNG', () => {
  it('has letters, though no font of the machine is used', async () => {
    const svg = (text: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text x="5" y="20" font-family="DejaVu Sans, Verdana" font-size="16">${text}</text></svg>`;
    const [once, twice, other] = await Promise.all([svg('MB/s'), svg('MB/s'), svg('ns')].map(svgToPng));
    expect([...(once?.subarray(1, 4) ?? [])]).toEqual([...Buffer.from('PNG')]);
    expect(twice).toEqual(once);
    expect(other).not.toEqual(once);
  });
});

describe('the samples', () => {
  it('have markup in the words of a chart', () => {
    expect(charts.some(({ title, subtitle }) => [title, ...subtitle].join().includes(MARKUP))).toBe(true);
  });
});
