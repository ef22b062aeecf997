import { type CsvRow, csvText } from '../../result/csv-text.js';

/** What a chart shows, in numbers: the unit of a column stands in its name. */
export interface DataTable {
  readonly columns: readonly DataColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

/** null: there is none. */
export type Cell = string | number | null;

/** A column, by its name in CSV and by the words over it. */
export interface DataColumn {
  readonly key: string;
  readonly title: string;
}

/** A chart with all that a page needs beside the picture. Modelled and measured time never share one. */
export interface Chart {
  /** Unique in a document; also the stem of a file name. */
  readonly id: string;
  readonly clock: 'modelled' | 'measured';
  readonly title: string;
  /** How to read it, a line each. */
  readonly subtitle: readonly string[];
  /** What it shows, for who cannot see it: one or two sentences. */
  readonly summary: string;
  /**
   * A specification of Vega-Lite without a title: the same one serves a file and a page. Not by its own type, which would
   * put the declarations of Vega-Lite, in which a compiler finds mistakes, into those of this package.
   */
  readonly spec: object;
  readonly table: DataTable;
}

/** A column of a data table. */
export function column(key: string, title: string): DataColumn {
  return { key, title };
}

/** The numbers of a chart, in full. */
export function tableCsv({ columns, rows }: DataTable): string {
  return csvText(
    rows.map((row) => Object.fromEntries(columns.map(({ key }, i) => [key, row[i] ?? null])) as CsvRow),
  );
}
