import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { removeDataDir } from '../support/data-dir.ts';
import { processesOf } from '../support/processes.ts';
import { until } from '../support/redis-server.ts';
import { startCoverage } from './pages/page-coverage.ts';
import { launchDouble } from './runners/double.ts';
import { electronMissing, launchElectron } from './runners/electron.ts';
import { launchGateway } from './runners/gateway.ts';
import type { LaunchOptions, RunnerName, RunningApp } from './runners/runner.ts';

export { expect } from '@playwright/test';

/** How a test starts the app; everything has a default. */
export interface StartOptions {
  args?: readonly string[];
  /** The ledger: `off` by default, because starting the embedded one costs a second of the processor; or an address. */
  postgres?: string;
  env?: Readonly<Record<string, string>>;
  /** The directory of an earlier start of the same test; a new one by default. */
  dataDir?: string;
  /** False: the page of the gateway is left empty; the test opens `url` itself. */
  open?: boolean;
}

/** Starts the app through the project's runner; what it started ends with the test. */
export type StartApp = (options?: StartOptions) => Promise<RunningApp & { dataDir: string }>;

/** What every end-to-end test gets. */
export interface Fixtures {
  app: StartApp;
  /** Messages of the page's console that a test expects; any other error there fails it. */
  allowedErrors: RegExp[];
}

const RUNNERS: Record<RunnerName, (options: LaunchOptions) => Promise<RunningApp>> = {
  gateway: launchGateway,
  double: launchDouble,
  electron: launchElectron,
};

/** Playwright's `test` with the app as a fixture, the same for all three runners. */
export const test = base.extend<Fixtures>({
  allowedErrors: async ({}, use) => {
    await use([]);
  },

  app: async ({ browser, allowedErrors }, use, testInfo) => {
    const runner = runnerOf(testInfo.project.name);
    const missing = runner === 'electron' ? electronMissing() : undefined;
    testInfo.skip(missing !== undefined, missing);
    const running: RunningApp[] = [];
    const folders = new Set<string>();
    const errors: string[] = [];

    await use(async (options = {}) => {
      const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'th-app-')));
      folders.add(dataDir);
      const { postgres = 'off', env = {} } = options;
      const args = [...(options.args ?? []), '--postgres', postgres];
      const app = await RUNNERS[runner]({ browser, dataDir, args, env });
      const saveCoverage = runner === 'double' ? undefined : await startCoverage(app.page);
      running.push(saveCoverage === undefined ? app : withCoverage(app, saveCoverage));
      collectErrors(app.page, errors);
      if (app.url !== undefined && options.open !== false) await app.page.goto(app.url);
      return { ...(running.at(-1) ?? app), dataDir };
    });

    const trouble: string[] = [];
    for (const app of running) {
      await testInfo.attach('app.log', { body: app.logs(), contentType: 'text/plain' });
      await app.close().catch((error: unknown) => trouble.push(String(error)));
    }
    for (const folder of folders) {
      await until(async () => (await processesOf(folder)).length === 0, 6_000, '').catch(async () => {
        trouble.push(`left running: ${(await processesOf(folder)).join('; ')}`);
      });
      await removeDataDir(folder);
    }
    trouble.push(...errors.filter(text => !allowedErrors.some(allowed => allowed.test(text))));
    if (trouble.length > 0) throw new Error(trouble.join('\n'));
  },
});

function runnerOf(project: string): RunnerName {
  if (project === 'gateway' || project === 'double' || project === 'electron') return project;
  throw new Error(`There is no runner for the project "${project}".`);
}

function collectErrors(page: Page, errors: string[]): void {
  page.on('console', message => {
    if (message.type() === 'error') errors.push(`console of the page: ${message.text()}`);
  });
  page.on('pageerror', error => errors.push(`error in the page: ${error.stack ?? error.message}`));
}

function withCoverage(app: RunningApp, save: () => Promise<void>): RunningApp {
  return {
    ...app,
    async close() {
      try {
        await save();
      } finally {
        await app.close();
      }
    },
  };
}
