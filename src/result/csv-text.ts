import { stringify } from 'csv-stringify/sync';

/** One row, columns by name: text, numbers in base units, booleans; null is an empty field. */
export type CsvRow = Readonly<Record<string, string | number | boolean | null>>;

/** Rows as CSV with a header, RFC 4180 quoting, `.` in numbers; all rows have the columns of the first. */
export function csvText(rows: readonly CsvRow[]): string {
  return csvLines(Object.keys(rows[0] ?? {}), rows, true);
}

/** Rows of a file that is made piece by piece; the first piece has the header. */
export function csvLines(columns: readonly string[], rows: readonly CsvRow[], header: boolean): string {
  return stringify([...rows], {
    header,
    columns: [...columns],
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  });
}
