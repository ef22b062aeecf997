import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FONT_PACKAGE = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json');
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];
/** Twice the size of the SVG: sharp on paper and on dense screens. */
const ZOOM = 2;

/** The pixels of an SVG as PNG, with the font that comes along and no other: the same bytes on every machine. */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: {
      loadSystemFonts: false,
      fontFiles: FONTS.map((name) => join(dirname(FONT_PACKAGE), 'ttf', name)),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return image.render().asPng();
}
