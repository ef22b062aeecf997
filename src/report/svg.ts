import type { TopLevelSpec } from 'vega-lite';

/** Draws a specification as SVG text. Vega takes a quarter of a second to load, so only here and only on use. */
export async function drawSvg(spec: TopLevelSpec): Promise<string> {
  const { compile } = await import('vega-lite');
  const { parse, View } = await import('vega');
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
