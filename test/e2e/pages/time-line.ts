import type { Locator, Page } from '@playwright/test';

/** The time line under the desk, and what says that the screen shows the past. */
export class TimeLine {
  readonly region: Locator;
  readonly moment: Locator;
  readonly play: Locator;
  readonly now: Locator;
  readonly notice: Locator;
  readonly badge: Locator;

  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.region = page.getByRole('region', { name: 'Time line' });
    this.moment = page.getByRole('slider', { name: 'Moment' });
    this.play = this.region.getByRole('button', { name: /^(Play|Pause)$/ });
    this.now = this.region.getByRole('button', { name: 'Now', exact: true });
    this.notice = page.getByRole('status').filter({ hasText: 'This is the past' });
    this.badge = page.locator('[data-badge="state"]');
  }

  /** Waits until the screen shows the moment that was asked for last. */
  async arrived(): Promise<void> {
    await this.region.and(this.#page.locator('[data-loading="false"]')).waitFor();
  }

  /** The moment on the screen, epoch ms. */
  async at(): Promise<number> {
    return Number(await this.moment.getAttribute('aria-valuenow'));
  }

  /** Presses the line at a share of its width, 0 to 1, and lets go. */
  async pressAt(share: number): Promise<void> {
    const box = await this.moment.boundingBox();
    if (box === null) throw new Error('The time line is not on the screen.');
    await this.moment.click({ position: { x: box.width * share, y: box.height / 2 } });
  }
}
