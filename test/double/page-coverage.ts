import { mkdir, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/**
 * Counts what a page runs from its first script on, when `COVERAGE_DIR` is set. The answer writes the entries of
 * `page.coverage.stopJSCoverage()`, texts included, to a file of its own in `COVERAGE_DIR/browser`.
 */
export async function collectCoverage(page: Page): Promise<() => Promise<void>> {
  const dir = process.env['COVERAGE_DIR'];
  if (!dir) return () => Promise.resolve();
  // The preload has no address of its own; it is known by its text.
  await page.coverage.startJSCoverage({ resetOnNavigation: false, reportAnonymousScripts: true });
  return async () => {
    if (page.isClosed()) return;
    const entries = await page.coverage.stopJSCoverage();
    const folder = join(dir, 'browser');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${randomUUID()}.json`), JSON.stringify(entries));
  };
}
