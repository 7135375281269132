import { expect, test } from './fixtures.ts';
import { MonitorPage } from './pages/monitor-page.ts';

interface Paint {
  first: number;
  contentful: number;
  loaded: number;
}

const PAINT = `(() => {
  const at = name => performance.getEntriesByName(name)[0]?.startTime ?? 0;
  const [navigation] = performance.getEntriesByType('navigation');
  return { first: at('first-paint'), contentful: at('first-contentful-paint'), loaded: navigation.loadEventEnd };
})()`;

test('the page paints before any price is there, and tells when', async ({ app }) => {
  const { page } = await app({ args: ['--demo'] });
  const monitor = new MonitorPage(page);
  await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
  const priced = await page.evaluate<number>('performance.now()');
  const { first, contentful, loaded } = await page.evaluate<Paint>(PAINT);
  console.log(
    `first paint ${first.toFixed(0)} ms, with content ${contentful.toFixed(0)} ms, loaded ${loaded.toFixed(0)} ms, ` +
      `fresh price seen by ${priced.toFixed(0)} ms after the address was entered`,
  );
  expect(first).toBeGreaterThan(0);
  expect(contentful).toBeLessThan(priced);
});
