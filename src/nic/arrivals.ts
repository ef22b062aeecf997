import { PICOSECONDS_PER_NS, PICOSECONDS_PER_SEC } from '../units.js';
/** When units of work arrive; the scenario's key `traffic.arrival`. Rates are units in a second. */
export type Arrival =
  /** As fast as the card takes them. */
  | 'closed'
  /** When the packets of a capture came. */
  | 'capture'
  /** At even distances. */
  | { readonly rate: number }
  /** At random, independent of one another. */
  | { readonly poisson: number }
  /** At even distances while a source is on. */
  | { readonly onOff: { readonly rate: number; readonly onNs: number; readonly offNs: number } };

/** The times of arrival, one after another, in whole picoseconds. */
export interface Arrivals {
  /** The next time, never before the last one. */
  next(): number;
}

/** The first unit of an even stream arrives at 0. `unit` gives uniform doubles in [0, 1). */
export function arrivalsOf(arrival: Exclude<Arrival, 'capture'>, unit: () => number): Arrivals {
  if (arrival === 'closed') return { next: () => 0 };
  if ('poisson' in arrival) return poisson(PICOSECONDS_PER_SEC / arrival.poisson, unit);
  if ('rate' in arrival) return even(PICOSECONDS_PER_SEC / arrival.rate, Number.POSITIVE_INFINITY, 0);
  const { rate, onNs, offNs } = arrival.onOff;
  return even(PICOSECONDS_PER_SEC / rate, onNs * PICOSECONDS_PER_NS, offNs * PICOSECONDS_PER_NS);
}

/** Each time from its number, so that no rounding adds up; the clock stands while the source is off. */
function even(gapPs: number, onPs: number, offPs: number): Arrivals {
  let arrived = 0;
  return {
    next() {
      const onlinePs = arrived++ * gapPs;
      return Math.round(onlinePs + (onPs <= onlinePs ? Math.floor(onlinePs / onPs) * offPs : 0));
    },
  };
}

function poisson(meanPs: number, unit: () => number): Arrivals {
  let nowPs = 0;
  return {
    next() {
      nowPs += Math.round(-Math.log1p(-unit()) * meanPs);
      return nowPs;
    },
  };
}
