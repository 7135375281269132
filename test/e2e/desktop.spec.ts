import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { processesOf } from '../support/processes.ts';
import { until } from '../support/redis-server.ts';

import { startDouble, type DoubleApp } from './runners/double.ts';

type Start = (args?: string[], env?: Record<string, string>) => Promise<DoubleApp>;

/** Starts the desktop app, any number of times on one data directory, and sees that nothing of it is left. */
const test = base.extend<{ dataDir: string; start: Start }>({
  dataDir: async ({}, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'th-desktop-'));
    await use(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  },

  start: async ({ dataDir }, use, testInfo) => {
    const other = testInfo.project.name !== 'double';
    testInfo.skip(other, 'the host around the page is looked at through the double');
    const started: DoubleApp[] = [];
    await use(async (args = [], env = {}) => {
      const app = await startDouble({ args: ['--demo', ...args], env, dataDir });
      started.push(app);
      return app;
    });
    for (const app of started) await app.kill9();
    await until(async () => (await processesOf(dataDir)).length === 0, 6_000, 'something was left running');
  },
});

const trayLine = (app: DoubleApp): string => app.desktop.tray()?.menu[0]?.label ?? '';
/** A window closed from outside is known to the app a moment later. */
const closing = (app: DoubleApp): Promise<void> =>
  until(() => app.desktop.windowsClosed() === 1, 10_000, 'the app has not noticed that its window is closed');
const fetches = (app: DoubleApp): Promise<void> =>
  until(
    () => trayLine(app).includes('prices from'),
    20_000,
    () => `no prices\n${app.app.logs()}`,
  );

test('updater only: a tray that tells the state, no window, no page; Quit ends it', async ({
  start,
  dataDir,
}) => {
  const app = await start(['--updater']);
  await fetches(app);
  expect(app.desktop.tray()?.menu.map(item => item.label)).toEqual([
    'SIMULATED: prices from simulated',
    'Quit',
  ]);
  expect(app.desktop.windowsOpened()).toBe(0);
  expect((await processesOf(dataDir)).filter(line => line.includes('chrom'))).toEqual([]);
  await app.app.end(() => app.desktop.clickTray('Quit'));
});

test('closing the window leaves the tray, and Open brings the monitor back', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await expect(page.locator('html')).toHaveAttribute('data-connection', 'live');
  await page.close();
  await closing(app);
  await fetches(app);
  expect(app.app.ended()).toBe(false);
  app.desktop.clickTray('Open Tenhertz');
  await until(() => app.desktop.windowsOpened() === 2, 10_000, 'no second window');
  await expect((await app.page()).locator('html')).toHaveAttribute('data-connection', 'live');
  await app.close();
});

test('where there is no tray the app works, and closing the window ends it', async ({ start }) => {
  const app = await start([], { TENHERTZ_DOUBLE_TRAY: 'none' });
  const page = await app.page();
  await expect(page.locator('html')).toHaveAttribute('data-connection', 'live');
  expect(app.app.logs()).toContain('there is no tray here');
  await app.app.end(() => void page.close());
});

test('a second start on the same data directory hands over to the first and ends with 0', async ({
  start,
}) => {
  const first = await start();
  await (await first.page()).close();
  await closing(first);
  await fetches(first);
  const second = await start();
  await second.app.end(() => undefined);
  expect(second.desktop.windowsOpened()).toBe(0);
  await until(() => first.desktop.windowsOpened() === 2, 10_000, 'the first did not show its window');
  await first.close();
});

test('the page cannot leave, open windows, reach a network or find more than the bridge', async ({
  start,
}) => {
  const app = await start();
  const page = await app.page();
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-connection', 'live');
  const address = page.url();
  await page.evaluate("location.href = 'https://example.org/'");
  await page.evaluate("window.open('https://example.org/')");
  await page.evaluate("location.href = 'file:///etc/passwd'");
  const reached = await page.evaluate("fetch('https://example.org/').then(() => 'reached', () => 'stopped')");
  expect(reached).toBe('stopped');
  const found = await page.evaluate(
    '[typeof require, typeof process, typeof module, Object.keys(window.tenhertz).join(), Object.isFrozen(window.tenhertz)]',
  );
  expect(found).toEqual(['undefined', 'undefined', 'undefined', 'invoke,on', true]);
  expect(page.url()).toBe(address);
  const seq = Number(await root.getAttribute('data-seq'));
  await expect.poll(async () => Number(await root.getAttribute('data-seq'))).toBeGreaterThan(seq + 3);
  await app.close();
});

test('an inline script does not run in the page', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await expect(page.locator('html')).toHaveAttribute('data-connection', 'live');
  const ran = await page.evaluate(`(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.head.append(script);
    return window.injected === true;
  })()`);
  expect(ran).toBe(false);
  await app.close();
});

test('a refusal reaches the page as an error with its code', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await expect(page.locator('html')).toHaveAttribute('data-connection', 'live');
  const refusal = (code: string): Promise<unknown> =>
    page.evaluate(`${code}.then(() => 'accepted', error => [error instanceof Error, error.code])`);
  expect(await refusal("window.tenhertz.invoke('feed.confirm', { seq: 'x' })")).toEqual([
    true,
    'BAD_ARGUMENTS',
  ]);
  expect(await refusal("window.tenhertz.invoke('app.quit', {})")).toEqual([true, 'UNKNOWN_COMMAND']);
  await app.close();
});

test('a reload starts the page anew on the running engine', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await expect(page.locator('html')).toHaveAttribute('data-connection', 'live');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-connection', 'live');
  await app.close();
});

test('a mistake in the flags is said without a stack trace: exit code 3', async ({ start }) => {
  const app = await start(['--log-level', 'loud']);
  await until(() => app.app.ended(), 10_000, 'it did not end');
  expect(app.app.child.exitCode).toBe(3);
  expect(app.app.logs()).toMatch(/^tenhertz: --log-level must be one of/m);
  expect(app.app.logs()).not.toContain('    at ');
});

test('a missing redis-server is said on screen and on stderr: exit code 4', async ({ start }) => {
  const app = await start(['--updater'], { TENHERTZ_REDIS_SERVER: '/nowhere/redis-server' });
  await until(() => app.app.ended(), 10_000, 'it did not end');
  expect(app.app.child.exitCode).toBe(4);
  expect(app.app.logs()).toContain('redis-server');
  expect(app.reports().map(report => report.kind)).toContain('dialog');
});

test('SIGTERM ends it in time with exit code 0, kill -9 leaves nothing behind', async ({
  start,
  dataDir,
}) => {
  const polite = await start();
  await expect((await polite.page()).locator('html')).toHaveAttribute('data-connection', 'live');
  await polite.app.end();
  const killed = await start();
  await expect((await killed.page()).locator('html')).toHaveAttribute('data-connection', 'live');
  await killed.kill9();
  await until(async () => (await processesOf(dataDir)).length === 0, 6_000, 'something was left running');
});
