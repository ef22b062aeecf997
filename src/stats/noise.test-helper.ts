import { randomStream } from '../sim/streams.js';

/** Normal noise of 2 % with a spike now and then, as a machine makes it. */
export function noise(name: string, spikes = 0.05): () => number {
  const { nextUnit } = randomStream(11, 0, name);
  const normal = () => Math.sqrt(-2 * Math.log(1 - nextUnit())) * Math.cos(2 * Math.PI * nextUnit());
  return () => 0.02 * normal() + (nextUnit() < spikes ? 0.3 * nextUnit() : 0);
}
