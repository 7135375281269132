import { expect } from '@playwright/test';
import { batches } from '../../e2e/pages/batches.ts';
import { detachedCanvases, test, type ChartsPage } from './harness.ts';

/** How often a chart is opened and closed, and how many canvases one chart has at least. */
const CYCLES = 200;

test.setTimeout(120_000);

async function openAndClose(charts: ChartsPage, times: number): Promise<void> {
  for (let cycle = 0; cycle < times; cycle += 1) {
    await charts.show([{ id: `chart-${cycle % 3}`, token: 'SOL', settings: { interval: '1m' } }]);
    await charts.page.evaluate(
      () => new Promise<void>(resolve => requestAnimationFrame(() => setTimeout(resolve, 0))),
    );
    await charts.show([]);
  }
  // One more, so that what the last one left to a timer is over.
  await batches(charts.page, 5);
}

test(`nothing is left of ${CYCLES} charts that were opened and closed`, async ({ page, openCharts }) => {
  const charts = await openCharts([]);
  const session = await page.context().newCDPSession(page);
  await openAndClose(charts, 5);
  const before = await detachedCanvases(session);
  await openAndClose(charts, CYCLES);
  const left = (await detachedCanvases(session)) - before;
  console.log(`charts: ${left} canvases left of ${CYCLES} charts`);
  expect(left).toBeLessThanOrEqual(10);
});

test('charts that somebody holds on to are found by the same measure', async ({ page, openCharts }) => {
  const charts = await openCharts([], { leak: true });
  const session = await page.context().newCDPSession(page);
  await openAndClose(charts, 5);
  const before = await detachedCanvases(session);
  await openAndClose(charts, 20);
  expect((await detachedCanvases(session)) - before).toBeGreaterThanOrEqual(20);
});
