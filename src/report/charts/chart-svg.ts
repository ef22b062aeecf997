import type { compile, TopLevelSpec } from 'vega-lite';
import { html } from '../html.js';
import type { Chart } from './chart.js';
import { color } from './look.js';
import { textWidth } from './text-width.js';

/** A chart as an SVG file: title, how to read it, white ground; in words too, for who cannot see it. */
export async function chartSvg({ spec, title, subtitle, clock, summary }: Chart): Promise<string> {
  const svg = await drawSvg({
    ...spec,
    background: color('ground'),
    title: {
      ...{ text: title, subtitle: [`${clock} clock`, ...subtitle], anchor: 'start', frame: 'bounds' },
      ...{ fontSize: 16, color: color('ink'), subtitleFontSize: 12, subtitleColor: color('muted') },
      ...{ subtitlePadding: 6, offset: 20 },
    },
  } as TopLevelSpec);
  const words = html`<title>${title}</title><desc>${summary}</desc>`;
  return svg.replace(/^<svg ([^<>]*)>/, (_, attributes) => `<svg role="img" ${attributes}>${words.markup}`);
}

/** A chart for a page that has its title already and a ground of its own. */
export function bareSvg({ spec }: Chart): Promise<string> {
  return drawSvg({ ...spec, background: 'transparent' } as TopLevelSpec);
}

/** What Vega-Lite has to say of a chart is for a test, not for who looks at it. */
const SILENT: Logger = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
};

/** Draws a specification as SVG text. Vega takes a quarter of a second to load, so only here and only on use. */
async function drawSvg(spec: TopLevelSpec): Promise<string> {
  const { compile } = await import('vega-lite');
  const vega = await import('vega');
  const { textMetrics } = vega as unknown as { readonly textMetrics: TextMetrics };
  textMetrics.width = (item, text) =>
    textWidth(String(text ?? item.text ?? ''), item.fontSize ?? 11, item.fontWeight === 'bold');
  const view = new vega.View(vega.parse(compile(spec, { logger: SILENT }).spec), { renderer: 'none' });
  try {
    return `${withoutRoles(await view.toSVG())}\n`;
  } finally {
    view.finalize();
  }
}

/** Vega gives roles to groups of marks that have no name; a reader is better served by the words of the chart. */
function withoutRoles(svg: string): string {
  return svg.replace(/<[a-z][^<>]*>/g, (tag) => tag.replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, ''));
}

type Logger = NonNullable<NonNullable<Parameters<typeof compile>[1]>['logger']>;

/** What Vega asks for the width of a text; its types leave it out. */
interface TextMetrics {
  width: (
    item: { readonly text?: unknown; readonly fontSize?: number; readonly fontWeight?: unknown },
    text?: unknown,
  ) => number;
}
