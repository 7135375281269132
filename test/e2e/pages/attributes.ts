import type { Page } from '@playwright/test';

/**
 * An attribute of every element that matches a CSS selector now, in the page's order and read in one go; an empty text where
 * there is none. What runs in the page is a text, because these files are compiled without the page's types.
 */
export async function attributesOf(page: Page, selector: string, name: string): Promise<string[]> {
  const all = `[...document.querySelectorAll(${JSON.stringify(selector)})]`;
  return page.evaluate<string[]>(`${all}.map(one => one.getAttribute(${JSON.stringify(name)}) ?? '')`);
}
