import { expect, type Page } from '@playwright/test';

/** Charts draw in the frame after their change. */
const TWO_FRAMES = 'new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))';

/**
 * Waits until `count` more batches are on the screen, the frames of the last one included. An engine sends ten a second at
 * most, and the next one only when the page has painted the one before: a stretch that is as long as it was meant to be on any
 * machine, and in which the page was certainly alive. What must not happen is looked for after it.
 */
export async function batches(page: Page, count: number): Promise<void> {
  const painted = async (): Promise<number> => Number(await page.locator('html').getAttribute('data-seq'));
  const wanted = (await painted()) + count;
  await expect
    .poll(painted, { message: `${count} more batches on the screen`, intervals: [50], timeout: 20_000 })
    .toBeGreaterThanOrEqual(wanted);
  await page.evaluate<unknown>(TWO_FRAMES);
}
