import { afterAll, describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.test-helper.js';
import { READERS, removeFiles } from './readers.test-helper.js';

/** Inputs for each reader; `scripts/fuzz` has its own number. */
const RUNS = Number(process.env.TCEBENCH_FUZZ_RUNS ?? 2000);
const SEED = 8;

afterAll(removeFiles);

describe('whatever a reader is fed', () => {
  it.each(READERS)(
    'it reads it or refuses it in one sentence with the place: $name',
    async (reader) => {
      const { failure, inputs, accepted, refused } = await fuzz(reader, RUNS, SEED);
      expect(failure).toBeNull();
      expect(accepted + refused).toBe(inputs);
      // One that refuses all, or none, is not reached by its inputs at all.
      expect(accepted).toBeGreaterThan(0);
      if (reader.name !== 'raw CSV') expect(refused).toBeGreaterThan(0);
    },
    600_000,
  );
});
