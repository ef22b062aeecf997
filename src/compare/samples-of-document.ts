import { INTERVAL_TAIL } from '../result/run-document.js';
import { quantile, sortSamples } from '../stats/quantile.js';
import type { ComparedDocument, Samples } from './compared-input.js';

/** Whether raw rows are those that a document was made of: its own figures come out of them, to the last bit. */
export function areOfDocument(samples: Samples, document: ComparedDocument): boolean {
  if (samples.kind === 'drawn' && document.schema === 'tcebench.run/1') {
    return document.arms.every(({ id, rateLow, rateHigh }) => {
      const rates = samples.rates.get(id);
      if (rates === undefined || rates.length !== drawsOf(document.scenario)) return false;
      const sorted = sortSamples(rates);
      return quantile(sorted, INTERVAL_TAIL) === rateLow && quantile(sorted, 1 - INTERVAL_TAIL) === rateHigh;
    });
  }
  if (samples.kind === 'measured' && document.schema === 'tcebench.measure/1') {
    return document.arms.every(({ id, slices, nsPerCall }) => {
      const own = samples.slices.filter(({ armId }) => armId === id);
      if (own.length === 0 || own.length !== slices) return false;
      const medians = sortSamples(own.map(({ medianNs }) => medianNs));
      return quantile(medians, 0.5) === nsPerCall.median;
    });
  }
  return false;
}

function drawsOf(scenario: { readonly [key: string]: unknown }): unknown {
  return (scenario.run as { draws?: unknown } | undefined)?.draws;
}
