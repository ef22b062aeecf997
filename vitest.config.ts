import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: ['./vitest.setup.ts'],
    // Most tests wait for processes that they start; without this, two processors get one worker.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 240_000,
  },
});
