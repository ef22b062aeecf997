const COLUMNS = 118;

/** Breaks a text into lines that fit a terminal of 120 columns, or fewer; lines after the first are indented. */
export function wrap(text: string, indent = '  ', columns = COLUMNS): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    if (next.length <= columns) {
      line = next;
      continue;
    }
    lines.push(line);
    line = indent + word;
  }
  return [...lines, line].join('\n');
}
