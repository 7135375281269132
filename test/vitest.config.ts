import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * Where the runs leave their raw V8 counts when they are asked to (see `scripts/lib/coverage`). Child processes of the tests, such
 * as the built program, hear of it through NODE_V8_COVERAGE; the test runner's own processes are counted by the provider.
 */
const coverageDir = process.env['COVERAGE_DIR'];
const env = {
  // What a test starts speaks to this machine alone: the pools of a live market are asked for nowhere.
  TENHERTZ_RAYDIUM_URL: 'http://127.0.0.1:9',
  ...(coverageDir === undefined ? {} : { NODE_V8_COVERAGE: join(coverageDir, 'node') }),
};

/** The provider's own option, which the type of `coverage` does not know. */
const coverage = {
  enabled: coverageDir !== undefined,
  provider: 'custom' as const,
  customProviderModule: 'vitest-monocart-coverage',
  reportOnFailure: true,
  coverageReportOptions: {
    logging: 'error',
    outputDir: join(coverageDir ?? 'coverage', 'vitest'),
    reports: ['raw'],
    entryFilter: { '**/src/**': true },
  },
};

/** Two suites by what they need: `unit` needs nothing, `integration` needs a real `redis-server` on PATH. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..'),
    coverage,
    allowOnly: process.env['CI'] === undefined,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/renderer/**/*.test.{ts,tsx}'],
          // Some read the whole tree; a busy machine takes its time.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          env,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          env,
        },
      },
    ],
  },
});
