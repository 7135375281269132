import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What axe has to say about a part of the page as it is now: each complaint with the first element it is about. */
export async function complaintsAbout(page: Page, part = 'body'): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}
