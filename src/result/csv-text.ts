import { stringify } from 'csv-stringify/sync';

/** One row, columns by name: text, numbers in base units, booleans; null is an empty field. */
export type CsvRow = Readonly<Record<string, string | number | boolean | null>>;

/** Rows as CSV with a header, RFC 4180 quoting, `.` in numbers; all rows have the columns of the first. */
export function csvText(rows: readonly CsvRow[]): string {
  return stringify([...rows], {
    header: true,
    columns: Object.keys(rows[0] ?? {}),
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  });
}
