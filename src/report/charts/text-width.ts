/** Advance widths of DejaVu Sans, in thousandths of the font size, for groups of characters that are alike. */
const WIDTHS: readonly (readonly [characters: string, width: number])[] = [
  ["ijl|'", 278],
  [' .,:;/\\-!Iftr()[]', 370],
  ['csz"', 530],
  ['mW', 980],
  ['MwGOQ%@+=<>', 838],
  ['ABCDEFHKLNPRSTUVXYZJ', 680],
];
const OTHER_WIDTH = 622;
/** Bold text is wider by this. */
const BOLD = 1.12;

/**
 * Width of a text in pixels, near enough for room to be left: without a canvas nothing measures it, and what depends on
 * the fonts of a machine would draw another picture on each.
 */
export function textWidth(text: string, fontSize: number, isBold: boolean): number {
  let thousandths = 0;
  for (const character of text) {
    thousandths += WIDTHS.find(([group]) => group.includes(character))?.[1] ?? OTHER_WIDTH;
  }
  return (thousandths / 1000) * fontSize * (isBold ? BOLD : 1);
}
