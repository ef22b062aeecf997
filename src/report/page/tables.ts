import type { DocumentCost } from '../../result/document-parts.js';
import { significant } from '../../units.js';
import { type Cell, type DataTable, tableCsv } from '../charts/chart.js';
import { type Html, html, NOTHING } from '../html.js';

/** A table as a page has it: it scrolls inside its own frame, and the first cell of a row is its name. */
export function pageTable(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
): Html {
  if (rows.length === 0) return NOTHING;
  const isNumber = titles.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const aligned = (i: number) => (isNumber[i] === true ? html` class="number"` : NOTHING);
  return html`<div class="frame" role="group" tabindex="0" aria-label="Table: ${caption}">
<table>
<caption>${caption}</caption>
<thead><tr>${titles.map((title, i) => html`<th scope="col"${aligned(i)}>${title}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) =>
    html`<tr>${row.map((cell, i) =>
      i === 0
        ? html`<th scope="row"${aligned(i)}>${cellText(cell)}</th>`
        : html`<td${aligned(i)}>${cellText(cell)}</td>`,
    )}</tr>`,
)}
</tbody>
</table>
</div>`;
}

/** The numbers of a chart, folded away, with a link that saves them as CSV. */
export function numbersOf(table: DataTable, caption: string, fileName: string): Html {
  const titles = table.columns.map(({ title }) => title);
  return html`<details>
<summary>Numbers: ${caption}</summary>
<p>${csvLink(table, fileName)}</p>
${pageTable(caption, titles, table.rows)}
</details>`;
}

/** Every constant with its range, origin and source. */
export function constantsTable({ title, constants }: DocumentCost): Html {
  const rows = Object.entries(constants).map(([key, { value, low, high, unit, origin, source }]) => [
    ...[key, value, low, high, unit, origin, source],
  ]);
  if (rows.length === 0) return NOTHING;
  return html`<h3>Constants, their origin and source</h3>
${pageTable(title, ['constant', 'value', 'low', 'high', 'unit', 'origin', 'source'], rows)}`;
}

function csvLink(table: DataTable, fileName: string): Html {
  const href = `data:text/csv;charset=utf-8,${encodeURIComponent(tableCsv(table))}`;
  return html`<a download="${fileName}" href="${href}">Save as CSV (${fileName})</a>`;
}

function cellText(cell: Cell): string {
  if (cell === null) return '–';
  return typeof cell === 'number' ? significant(cell) : cell;
}
