import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { batches } from '../e2e/pages/batches.ts';
import { test } from './screen.ts';
import { documentsOf, WALLS } from './walls.ts';

/**
 * What is cut on the screen: texts that do not fit into their element and can be read nowhere else, and numbers that do not
 * fit at all, be they cut or over the next cell. What a line of details cuts is in the details.
 */
async function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (
        element.closest('.visually-hidden, svg, select, summary') !== null ||
        element instanceof HTMLInputElement
      )
        continue;
      const own = [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
      );
      const cell = element.matches('td, th, .trade > span');
      if (!own && !cell) continue;
      const { overflowX } = getComputedStyle(element);
      const over = element.scrollWidth - element.clientWidth;
      const number = element.closest('.number') !== null;
      const cuts = number || overflowX === 'hidden' || overflowX === 'clip';
      if (element.clientWidth === 0 || over <= 0 || !cuts) continue;
      const told = element.closest('[title]:not([title=""])') !== null;
      if (number || !told) {
        const pane = element.closest('[data-region]')?.getAttribute('aria-label') ?? 'outside of panes';
        found.push(`${pane}: "${element.textContent.trim()}" by ${over} px${number ? '' : ', told nowhere'}`);
      }
    }
    return found;
  });
}

const DESKS = { 'the desk': undefined, ...WALLS };

for (const density of ['comfortable', 'compact'] as const) {
  for (const width of [1280, 1440]) {
    for (const [name, panes] of Object.entries(DESKS)) {
      test(`no number is cut, and every text that is can be read in full: ${name}, ${density}, ${width} wide`, async ({
        page,
        openScreen,
      }) => {
        const look = { theme: 'dark', density } as const;
        const { root } = await openScreen('live', { ...look, width, documents: documentsOf(look, panes) });
        await expect(root).toHaveAttribute('data-connection', 'live');
        await expect(page.locator('[data-region] .number').first()).toBeVisible();
        // The tables have looked at their columns twice, and charts and tape are there.
        await batches(page, 12);
        expect(await cut(page)).toEqual([]);
      });
    }
  }
}
