import os from 'node:os';
import { defineConfig } from 'vitest/config';

/** The projects are the stages of `npm test`; see test/run.ts. */
export default defineConfig({
  test: {
    // All cores: the default leaves one idle, which is half of a machine that has two.
    maxWorkers: os.availableParallelism(),
    projects: [
      { test: { name: 'architecture', include: ['test/architecture/**/*.test.ts'] } },
      { test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'] } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/integration-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Each file starts a server and browsers of its own; two cores carry one at a time.
          fileParallelism: false,
        },
      },
    ],
  },
});
