import { DMA_FACT_ROWS, type DmaFacts } from '../result/dma-facts.js';
import type { ReplayDocument } from '../result/replay-document.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';

/** The facts of each log beside the band of real guests; what is outside is marked. */
export function factsText({ logs }: ReplayDocument, paint: Painter): string {
  const found = logs.flatMap(({ file, facts }) =>
    facts === undefined ? [] : [{ name: nameOf(file), facts }],
  );
  const rows = DMA_FACT_ROWS.map(({ title, band, value, holds }) => {
    const cell = ({ facts }: { facts: DmaFacts }) =>
      holds(facts) ? `${value(facts)}  ` : `${paint('yellow', value(facts))} !`;
    return [title, band, ...found.map(cell)];
  });
  const outside = DMA_FACT_ROWS.some(({ holds }) => found.some(({ facts }) => !holds(facts)));
  return [
    textTable(
      [left('after boot'), left('real guests'), ...found.map(({ name }) => right(name))],
      [['maps', '', ...found.map(({ facts }) => `${facts.maps}  `)], ...rows],
    ),
    'The bands are those of real guests with a window of 1 GiB and MTU 1500.',
    ...(outside ? ['! is outside its band.'] : []),
    '',
  ].join('\n');
}

function nameOf(file: string): string {
  return file.replace(/^.*[\\/]/, '').replace(/(\.log)?(\.gz)?$/, '');
}
