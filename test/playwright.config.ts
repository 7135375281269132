import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { CHROMIUM, findNative } from '../scripts/lib/native.mjs';

const root = join(import.meta.dirname, '..');
const coverageDir = process.env['COVERAGE_DIR'];

// What the tests start (the built program) leaves its counts; Playwright's own processes need not, hence only in a worker
// and only after it has begun.
if (coverageDir !== undefined && process.env['TEST_WORKER_INDEX'] !== undefined) {
  process.env['NODE_V8_COVERAGE'] = join(coverageDir, 'node');
}

const executablePath = findNative(root, CHROMIUM);

/**
 * One suite, three runners. `gateway`: the monitor from `tenhertz serve` in Chromium; `double`: the built desktop host on a
 * stand-in for Electron; `electron`: the real one, skipped with its reason where the binary is not. Nothing is retried.
 */
export default defineConfig({
  testDir: './e2e',
  outputDir: '../test-results/e2e',
  globalSetup: ['../scripts/lib/testing/e2e-setup.mjs', './renderer/build-renderer.ts'],
  forbidOnly: process.env['CI'] !== undefined,
  fullyParallel: false,
  retries: 0,
  // Pictures are renewed by who asks for it (docs/development.md), never by the way.
  updateSnapshots: 'none',
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [
    ['list'],
    [
      'json',
      {
        outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ?? join(root, 'test-results/playwright.json'),
      },
    ],
  ],
  use: {
    headless: true,
    viewport: { width: 1440, height: 900 },
    // The system's region, which the screen goes by until another is chosen.
    locale: 'en-US',
    timezoneId: 'UTC',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      // Chromium asks the internet for its own updates and lists otherwise.
      args: ['--disable-background-networking', '--disable-component-update'],
    },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'gateway' },
    { name: 'double' },
    { name: 'electron' },
    // The renderer alone on an invented engine, for states that are hard to bring about with a real one.
    {
      name: 'screen',
      testDir: './renderer',
      testIgnore: 'shots.spec.ts',
      snapshotPathTemplate: '{testDir}/baselines/{arg}{ext}',
    },
  ],
});
