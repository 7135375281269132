import { expect, test } from './fixtures.ts';

test('the monitor opens, follows the engine and paints batches', async ({ app }) => {
  const { page } = await app({ args: ['--demo'], postgres: 'embedded' });
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-connection', 'live');
  const first = Number(await root.getAttribute('data-seq'));
  await expect.poll(async () => Number(await root.getAttribute('data-seq'))).toBeGreaterThan(first + 5);
});

test('an app that was closed opens again on the same data directory', async ({ app }) => {
  // Two starts of everything, with a new database in the first.
  test.slow();
  const first = await app({ args: ['--demo'], postgres: 'embedded' });
  await expect(first.page.locator('html')).toHaveAttribute('data-connection', 'live');
  await first.close();
  const second = await app({
    args: ['--demo'],
    postgres: 'embedded',
    dataDir: first.dataDir,
  });
  await expect(second.page.locator('html')).toHaveAttribute('data-connection', 'live');
});
