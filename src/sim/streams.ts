import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A named stream of random numbers; the same seed, run and name give the same numbers for ever. */
export interface RandomStream {
  /** A whole number below 2^32. */
  nextUint32(): number;
  /** A double in [0, 1). */
  nextUnit(): number;
}

/**
 * Streams are named, not numbered, so that adding one changes no other. The state is a hash of the name: the
 * generator does not mix small seeds (its first output over seeds 0..1999 is the seed again).
 */
export function randomStream(seed: number, run: number, name: string): RandomStream {
  const hash = createHash('sha256').update(`${seed}/${run}/${name}`).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => hash.readInt32LE(offset)));
  return {
    nextUint32: () => generator.next() >>> 0,
    nextUnit: () => uniformFloat64(generator),
  };
}
