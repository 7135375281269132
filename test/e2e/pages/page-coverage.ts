import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** Counts what the page runs when `COVERAGE_DIR` is set; the double counts for itself, from its first script on. */
export async function startCoverage(page: Page): Promise<(() => Promise<void>) | undefined> {
  const dir = process.env['COVERAGE_DIR'];
  if (!dir) return undefined;
  await page.coverage.startJSCoverage({ resetOnNavigation: false });
  return async () => {
    if (page.isClosed()) return;
    const entries = await page.coverage.stopJSCoverage();
    await mkdir(join(dir, 'browser'), { recursive: true });
    await writeFile(join(dir, 'browser', `${randomUUID()}.json`), JSON.stringify(entries));
  };
}
