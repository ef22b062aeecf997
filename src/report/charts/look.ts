import type { TopLevelSpec } from 'vega-lite';
import type { ArmId } from '../../result/run-document.js';

/** Each colour of the charts on a light ground, and what a page makes of it on a dark one. */
export const COLORS = {
  ink: ['#222222', '#ececec'],
  muted: ['#555555', '#bcbcbc'],
  grid: ['#e6e6e6', '#3c3f44'],
  domain: ['#888888', '#8f949b'],
  ground: ['#ffffff', '#16181c'],
  userspace: ['#d55e00', '#f58a42'],
  virtual: ['#c98500', '#f0b429'],
  real: ['#0072b2', '#4da3e0'],
  direct: ['#777777', '#a9adb3'],
  claim: ['#007a59', '#35c79b'],
  pink: ['#b2598a', '#dd94bd'],
  sky: ['#3d9bd1', '#9ad5f7'],
  green: ['#00916a', '#2fbf93'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

/** The name of a colour. */
export type ColorName = keyof typeof COLORS;

/** A colour as a file has it. */
export function color(name: ColorName): string {
  return COLORS[name][0];
}

/** Width of the plot itself, in pixels. */
const PLOT_WIDTH = 560;

/** A rate is of payload; its axis says whose clock made it. */
export const RATE_TITLE = 'modelled payload rate (MB/s; 1 MB = 1,000,000 bytes)';

const PATHS = ['userspace', 'virtual', 'real', 'direct'] as const;

/** The encoding of a path by colour. */
export const PATH_COLOR = {
  field: 'path',
  type: 'nominal' as const,
  scale: { domain: [...PATHS], range: PATHS.map((path) => color(path)) },
  legend: { title: 'served in' },
};

const ARMS: Readonly<Record<ArmId, { readonly color: ColorName; readonly shape: string }>> = {
  'single-userspace': { color: 'userspace', shape: 'circle' },
  'single-virtual': { color: 'virtual', shape: 'square' },
  'single-real': { color: 'real', shape: 'triangle-up' },
  'multi-userspace': { color: 'userspace', shape: 'cross' },
  'multi-virtual': { color: 'virtual', shape: 'diamond' },
  'multi-real': { color: 'real', shape: 'triangle-down' },
  direct: { color: 'direct', shape: 'triangle-left' },
};

const DASHES = [
  { test: "indexof(datum.arm, 'single') === 0", value: [5, 3] },
  { test: "datum.arm === 'direct'", value: [1, 3] },
];

/**
 * Arms as lines, for rows with `arm`, in one legend: colour tells the path, dashes batching, and every arm has a point
 * of its own, so that nothing depends on colour alone.
 */
export function armLines(ids: readonly string[]) {
  const domain = (Object.keys(ARMS) as ArmId[]).filter((id) => ids.includes(id));
  const field = { field: 'arm', type: 'nominal' };
  const legend = { title: null };
  return {
    color: { ...field, scale: { domain, range: domain.map((id) => color(ARMS[id].color)) }, legend },
    shape: { ...field, scale: { domain, range: domain.map((id) => ARMS[id].shape) }, legend },
    strokeDash: { condition: DASHES, value: [1, 0] },
  };
}

/** Ticks of a logarithmic axis: 1, 2 and 5 of each power of ten where it is short, else the powers alone. */
export function logTicks(values: readonly number[]): readonly number[] {
  const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  const digits = high - low < 2 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    ticks.push(...digits.map((digit) => Number(`${digit}e${power}`)));
  }
  return ticks;
}

/** An axis of names in the order of the data. */
export function names(field: string) {
  return { field, type: 'nominal' as const, sort: null, title: null };
}

/** A specification in the common look; legends stand above, and nothing depends on fonts of the machine. */
export function inLook(spec: object): TopLevelSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...('vconcat' in spec ? {} : { width: PLOT_WIDTH }),
    padding: 12,
    ...spec,
    config: {
      aria: false,
      font: FONT,
      view: { stroke: null },
      axis: {
        labelFontSize: 12,
        labelColor: color('ink'),
        labelLimit: 320,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        titleColor: color('ink'),
        titlePadding: 8,
        gridColor: color('grid'),
        domainColor: color('domain'),
        tickColor: color('domain'),
      },
      axisY: { grid: false, ticks: false, labelPadding: 8 },
      legend: {
        orient: 'bottom',
        direction: 'horizontal',
        columns: 4,
        labelFontSize: 12,
        titleFontSize: 12,
        labelColor: color('ink'),
        titleColor: color('ink'),
        labelLimit: 260,
        symbolSize: 120,
        titleLimit: 400,
        titleFontWeight: 'normal',
        offset: 8,
      },
      tick: { opacity: 1 },
      header: { labelFontSize: 13, labelFontWeight: 'bold', labelColor: color('ink'), title: null },
      text: { fontSize: 12, color: color('ink') },
      rule: { color: color('ink') },
    },
  } as TopLevelSpec;
}

/** The font that the charts are drawn in; the one that comes with the program where a picture is made. */
const FONT = 'DejaVu Sans, Verdana, sans-serif';
