/** A string of JSON, or a comment: what begins first is what it is. */
const STRING_OR_COMMENT = /"(?:[^"\\]|\\.)*"|\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g;

/**
 * A text of JSON whose comments, from `//` to the end of a line or between slash-stars, are blanks, so that what a
 * parser says of a line and a column is so in the file. Without comments it is the same text, but for a byte order mark.
 */
export function withoutComments(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(STRING_OR_COMMENT, (found) => (found.startsWith('"') ? found : found.replace(/[^\n\r]/g, ' ')));
}
