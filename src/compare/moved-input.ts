import type { ComparedDocument, ComparedInput, Samples } from './compared-input.js';
import type { Metric } from './metric.js';
import { readCompared } from './read-compared.js';

/** The input with one metric set to a value, and what it was made of moved with it; it is read again like any other. */
export function movedTo(input: ComparedInput, metric: Metric, value: number): ComparedInput {
  const document = changed(input.document, (copy) => {
    let at = copy as unknown as Record<string | number, unknown>;
    for (const key of metric.path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
    at[metric.path.at(-1) ?? ''] = value;
  });
  const factor = metric.value === null || metric.value === 0 ? 1 : value / metric.value;
  return { ...input, document, samples: scaled(input.samples, metric, factor) };
}

/** The input without the arm, job or trial that a metric belongs to. */
export function withoutPart(input: ComparedInput, { path }: Metric): ComparedInput {
  const index = path.findLastIndex((key) => typeof key === 'number');
  const document = changed(input.document, (copy) => {
    if (index < 0) {
      (copy as unknown as Record<string, unknown>)[String(path[0])] = null;
      return;
    }
    let at = copy as unknown as Record<string | number, unknown>;
    for (const key of path.slice(0, index)) at = at[key] as Record<string | number, unknown>;
    (at as unknown as unknown[]).splice(path[index] as number, 1);
  });
  return { ...input, document };
}

/** The input with no arm, log or row at all. */
export function emptied(input: ComparedInput): ComparedInput {
  const document = changed(input.document, (copy) => {
    const parts = copy as unknown as Record<string, unknown>;
    for (const key of ['arms', 'logs', 'rows']) if (key in parts) parts[key] = [];
    if ('claim' in parts) parts.claim = null;
  });
  return { ...input, document };
}

function changed(document: ComparedDocument, change: (copy: ComparedDocument) => void): ComparedDocument {
  const copy = structuredClone(document);
  change(copy);
  return readCompared(JSON.stringify(copy), 'the moved document');
}

function scaled(samples: Samples | null, { sampled }: Metric, factor: number): Samples | null {
  if (samples === null || sampled === null) return samples;
  if (samples.kind === 'drawn') {
    const rates = new Map(samples.rates);
    rates.set(
      sampled.arm,
      (rates.get(sampled.arm) ?? []).map((rate) => rate * factor),
    );
    return { kind: 'drawn', rates };
  }
  const { arm, figure } = sampled;
  if (figure === 'rate') return samples;
  const slices = samples.slices.map((slice) =>
    slice.armId === arm ? { ...slice, [figure]: slice[figure] * factor } : slice,
  );
  return { kind: 'measured', slices };
}
