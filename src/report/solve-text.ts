import type { SolveDocument } from '../result/solve-document.js';
import { formatMegabytesPerSec, significant } from '../units.js';

/** The answer of a search for the terminal. */
export function solveText(document: SolveDocument): string {
  return `${solveAnswer(document)}\n`;
}

/** What was found, in one sentence. */
export function solveAnswer(document: SolveDocument): string {
  const { arm, key, unit, value, low, high, targetBytesPerSec, rateBytesPerSec, cost } = document;
  const range = `${significant(low)}..${significant(high)} ${unit}`;
  const how = document.recosted ? '' : '; each value was a run of its own';
  if (value === null || rateBytesPerSec === null) {
    const { rateAtLow, rateAtHigh } = document;
    const isBetween = targetBytesPerSec < rateAtLow && targetBytesPerSec > rateAtHigh;
    const never = isBetween ? 'and jumps over' : 'never';
    const longer = isBetween ? '; a longer run (run.bytes) has smaller jumps' : '';
    return (
      `Modelled: none in range: with ${key} at ${range} (${cost}) ${arm} gives ` +
      `${formatMegabytesPerSec(rateAtHigh)} to ${formatMegabytesPerSec(rateAtLow)}, ${never} ${formatMegabytesPerSec(targetBytesPerSec)}${how}${longer}`
    );
  }
  return `Modelled: ${key} = ${value.toPrecision(6)} ${unit} (in ${range}, ${cost}) gives ${arm} ${formatMegabytesPerSec(rateBytesPerSec)}${how}`;
}
