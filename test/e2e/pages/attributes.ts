import type { Locator } from '@playwright/test';

/** An attribute of every element that matches now, in the page's order, read in one go; empty texts where there is none. */
export async function attributesOf(elements: Locator, name: string): Promise<string[]> {
  // A text because these files are compiled without the page's types.
  const script = `(all, name) => all.map(one => one.getAttribute(name) ?? '')`;
  return elements.evaluateAll<string[], string>(script, name);
}
