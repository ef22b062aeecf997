import type { MetricBasis, MetricUnit } from '../result/compare-document.js';

/** Which sample of the raw rows a metric is made of. */
export type SampledFigure = 'rate' | 'medianNs' | 'p99Ns' | 'callsPerSec';

/** One number of a result document that has a better direction; what has none is no metric. */
export interface Metric {
  /** `ID.METRIC`, as gates name it. */
  readonly name: string;
  /** null: the document has no value for it, as for the latency of a stream. */
  readonly value: number | null;
  readonly unit: MetricUnit;
  readonly better: 'more' | 'less';
  readonly basis: MetricBasis;
  /** Where it stands in the document. */
  readonly path: readonly (string | number)[];
  /** The arm and figure of the raw rows that it is made of; null: of none. */
  readonly sampled: { readonly arm: string; readonly figure: SampledFigure } | null;
}

/** A key below an arm, with dots, and what is known of it. */
export type FigureRow = readonly [
  key: string,
  unit: MetricUnit,
  better: 'more' | 'less',
  basis?: MetricBasis,
  sampled?: SampledFigure,
];

/** The metrics of one part of a document by a table of its keys. */
export function figures(
  part: object,
  id: string,
  path: readonly (string | number)[],
  table: readonly FigureRow[],
  arm = id,
): Metric[] {
  return table.map(([key, unit, better, basis = 'exact', figure]) => {
    const keys = key.split('.');
    return {
      name: `${id}.${key}`,
      value: numberAt(part, keys),
      unit,
      better,
      basis,
      path: [...path, ...keys],
      sampled: figure === undefined ? null : { arm, figure },
    };
  });
}

/** The number at a path; null where there is none. */
export function numberAt(part: unknown, path: readonly (string | number)[]): number | null {
  let at: unknown = part;
  for (const key of path) at = (at as Record<string | number, unknown> | null | undefined)?.[key];
  return typeof at === 'number' && Number.isFinite(at) ? at : null;
}
