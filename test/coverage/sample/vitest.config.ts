import { defineConfig } from 'vitest/config';

/** As in `test/vitest.config.ts`, for the sample alone. */
const coverage = {
  enabled: true,
  provider: 'custom' as const,
  customProviderModule: 'vitest-monocart-coverage',
  coverageReportOptions: {
    logging: 'error',
    outputDir: `${process.env['COVERAGE_DIR'] ?? 'coverage'}/vitest`,
    reports: ['raw'],
    entryFilter: { '**/src/**': true },
  },
};

export default defineConfig({ test: { root: import.meta.dirname, include: ['tests/*.test.ts'], coverage } });
