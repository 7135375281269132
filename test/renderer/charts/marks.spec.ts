import { expect, type Locator } from '@playwright/test';
import { test, type ChartsPage } from './harness.ts';

const CHART = { id: 'a', token: 'SOL', settings: { interval: '1m' } };

/** The lines of a chart's alerts. */
function lines(charts: ChartsPage): Locator {
  return charts.pane('a').getByRole('spinbutton', { name: /^Alert: SOL / });
}

async function levelOf(line: Locator): Promise<number> {
  return Number(await line.getAttribute('aria-valuenow'));
}

/** Where a line stands: pixels from the top of the window. */
async function heightOf(line: Locator): Promise<number> {
  const box = await line.boundingBox();
  return box === null ? NaN : box.y + box.height / 2;
}

test('an alert is added by key, by the menu of a place, and stands at its price on every chart of the token', async ({
  page,
  openCharts,
}) => {
  const charts = await openCharts([CHART, { ...CHART, id: 'b' }, { ...CHART, id: 'c', token: 'BONK' }]);
  for (const id of ['a', 'b', 'c']) await charts.drawn(id);
  await charts.stage('a').focus();
  await charts.stage('a').press('ArrowLeft');
  await charts.stage('a').press('a');
  await expect(lines(charts)).toHaveCount(1);
  await expect(charts.pane('b').getByRole('spinbutton')).toHaveCount(1);
  await expect(charts.pane('c').getByRole('spinbutton')).toHaveCount(0);
  await charts.stage('a').click({ button: 'right', position: { x: 150, y: 90 } });
  await page.getByRole('menuitem', { name: /^Alert when SOL rises to 1\d\d\.\d+$/ }).click();
  await expect(lines(charts)).toHaveCount(2);
  const top = lines(charts).nth(1);
  await expect(top).toHaveAttribute('aria-label', 'Alert: SOL crosses above');
  const stage = await charts.stage('a').boundingBox();
  // The scale may have moved by a little since the menu was opened.
  expect(Math.abs((await heightOf(top)) - (stage?.y ?? 0) - 90)).toBeLessThan(25);
});

test('a line is dragged with the mouse, saved when it is let go, and follows the scale', async ({
  page,
  openCharts,
}) => {
  const charts = await openCharts([CHART, { ...CHART, id: 'b' }]);
  for (const id of ['a', 'b']) await charts.drawn(id);
  await charts.stage('a').click({ button: 'right', position: { x: 150, y: 250 } });
  await page
    .getByRole('menuitem', { name: /^Alert when SOL/ })
    .first()
    .click();
  const line = lines(charts).first();
  await expect(line).toBeVisible();
  const before = await levelOf(line);
  const from = await heightOf(line);
  const label = await line.locator('.alert-label').boundingBox();
  const x = (label?.x ?? 0) + 10;
  await page.mouse.move(x, from);
  await page.mouse.down();
  await page.mouse.move(x, from - 60, { steps: 6 });
  await expect(line).toHaveAttribute('data-phase', 'moving');
  await page.mouse.up();
  await expect(line).toHaveAttribute('data-phase', 'still');
  const after = await levelOf(line);
  expect(after).toBeGreaterThan(before);
  await expect.poll(async () => levelOf(charts.pane('b').getByRole('spinbutton').first())).toBe(after);
  // Another scale puts the line elsewhere; it goes there with the bars.
  const there = await heightOf(line);
  await charts.stage('a').focus();
  await charts.stage('a').press('f');
  await expect.poll(async () => Math.abs((await heightOf(line)) - there)).toBeGreaterThan(5);
});

test('a line is moved by keyboard, put back with Escape, saved with Enter and removed with Delete', async ({
  openCharts,
}) => {
  const charts = await openCharts([CHART]);
  await charts.drawn('a');
  await charts.stage('a').focus();
  await charts.stage('a').press('a');
  const line = lines(charts).first();
  await line.focus();
  const level = await levelOf(line);
  await line.press('ArrowUp');
  await line.press('Shift+ArrowUp');
  await expect(line).toHaveAttribute('data-phase', 'moving');
  expect(await levelOf(line)).toBeCloseTo(level + 0.11, 6);
  await line.press('Escape');
  expect(await levelOf(line)).toBe(level);
  await line.press('ArrowDown');
  await line.press('Enter');
  await expect(line).toHaveAttribute('data-phase', 'still');
  await expect.poll(() => levelOf(line)).toBeCloseTo(level - 0.01, 6);
  await line.press('Delete');
  await expect(line).toHaveCount(0);
});

/** Whether anything in a chart is drawn in exactly the colour of a rise or a fall: on a line nothing is but marks. */
async function hasMarks(charts: ChartsPage): Promise<boolean> {
  return charts.pane('a').evaluate(pane => {
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (context === null) return false;
    const read = (width: number, height: number): string[] => {
      const { data } = context.getImageData(0, 0, width, height);
      return Array.from({ length: width * height }, (_, place) =>
        data.subarray(4 * place, 4 * place + 4).join(),
      );
    };
    const look = getComputedStyle(document.documentElement);
    const colours = ['--up', '--down'].flatMap(name => {
      context.fillStyle = look.getPropertyValue(name);
      context.fillRect(0, 0, 1, 1);
      return read(1, 1);
    });
    return [...pane.querySelectorAll('canvas')].some(canvas => {
      Object.assign(context.canvas, { width: canvas.width, height: canvas.height });
      context.drawImage(canvas, 0, 0);
      return read(canvas.width, canvas.height).some(pixel => colours.includes(pixel));
    });
  });
}

test('own trades stand on the bars, and on the line where that is shown instead', async ({
  page,
  openCharts,
}) => {
  const charts = await openCharts([{ ...CHART, settings: { interval: '1s' } }]);
  await charts.drawn('a');
  await expect.poll(() => page.evaluate(() => window.charts.marks()), { timeout: 8_000 }).toBeGreaterThan(3);
  await charts.pane('a').getByRole('button', { name: 'Line', exact: true }).click();
  await expect.poll(() => hasMarks(charts)).toBe(true);
});
