import type { LifetimeQuantiles } from './log-figures.js';

/**
 * Facts about how a guest kernel uses its DMA windows, counted after boot. Shares are from 0 to 1, null where there
 * was nothing to count. A map is what one buffer took, however many calls it was made by.
 */
export interface DmaFacts {
  readonly maps: number;
  /** Of maps of 1 to 15 TCEs: those that begin 16 entries behind the one before. */
  readonly nextBlockShare: number | null;
  /** Of TCEs mapped for transmit and cleared: those that were the oldest ones mapped then. */
  readonly transmitFifoShare: number | null;
  /** TCEs mapped, by their permission bits. */
  readonly byPermission: Readonly<Record<'1' | '2' | '3', number>>;
  /** Calls from a map to the next one that begins at the same address. */
  readonly reuseCalls: LifetimeQuantiles;
  /** Of TCEs mapped: those whose page had been mapped before. */
  readonly hotPageShare: number | null;
  /** Of TCEs mapped: those whose page was mapped at another address at that moment. */
  readonly sharedPageShare: number | null;
  /** Of H_STUFF_TCE that cleared a live entry: those that cleared exactly what one map had set. */
  readonly wholeUnmapShare: number | null;
}

/** One fact as a row of a table: its value in a log, and what real guests showed. */
export interface DmaFactRow {
  readonly title: string;
  readonly value: (facts: DmaFacts) => string;
  readonly band: string;
  /** Whether a log is in the band; true where it has nothing to count. */
  readonly holds: (facts: DmaFacts) => boolean;
}

const percent = (share: number | null) => (share === null ? '-' : `${(share * 100).toFixed(1)} %`);

function shareRow(
  title: string,
  of: (facts: DmaFacts) => number | null,
  low: number,
  high: number,
): DmaFactRow {
  const [from, to] = [low, high].map((bound) => (bound * 100).toFixed(0));
  return {
    title,
    value: (facts) => percent(of(facts)),
    band: low === high ? `${from} %` : `${from} .. ${to} %`,
    holds: (facts) => {
      const share = of(facts);
      return share === null || (share >= low && share <= high);
    },
  };
}

/** A window of 1 GiB has 3072 blocks of 16 in the pool of a CPU, and each block is set and cleared by two calls. */
const SWEEP_CALLS = 2 * 3072;

/** The facts with the bands that hold for real guests with a window of 1 GiB, MTU 1500. */
export const DMA_FACT_ROWS: readonly DmaFactRow[] = [
  shareRow('small maps 16 entries on from the last', ({ nextBlockShare }) => nextBlockShare, 0.95, 1),
  shareRow('transmit entries cleared oldest first', ({ transmitFifoShare }) => transmitFifoShare, 1, 1),
  {
    title: 'TCEs mapped with permission 1 / 2 / 3',
    value: ({ byPermission }) => Object.values(byPermission).join(' / '),
    band: 'none with 2',
    holds: ({ byPermission }) => byPermission['2'] === 0,
  },
  {
    title: 'calls until an address comes again, median',
    value: ({ reuseCalls: { median } }) => (median === null ? '-' : String(median)),
    band: `${Math.ceil(SWEEP_CALLS * 0.95)} .. ${Math.floor(SWEEP_CALLS * 1.05)}`,
    holds: ({ reuseCalls: { median } }) => median === null || Math.abs(median / SWEEP_CALLS - 1) <= 0.05,
  },
  shareRow('TCEs whose page was mapped before', ({ hotPageShare }) => hotPageShare, 0.94, 1),
  shareRow('TCEs whose page is mapped elsewhere too', ({ sharedPageShare }) => sharedPageShare, 0.15, 0.55),
  shareRow('stuffs that clear exactly one map', ({ wholeUnmapShare }) => wholeUnmapShare, 1, 1),
];
