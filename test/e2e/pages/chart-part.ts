import type { Locator, Page } from '@playwright/test';

/** What a legend says of a bar, and of own trades in it. */
export type LegendPart = 'open' | 'high' | 'low' | 'close' | 'volume' | 'trades';

/** One chart, by the id of its pane: `chart-1`. */
export class ChartPart {
  readonly #page: Page;
  readonly #pane: string;
  readonly pane: Locator;
  /** Takes the keys of the chart; carries `data-phase`, `drawn` once there are bars. */
  readonly stage: Locator;
  /** The pair on the chart. */
  readonly title: Locator;
  /** Its label says token, interval and shape. */
  readonly canvas: Locator;
  /** The lines of the alerts, each a spin button. */
  readonly lines: Locator;
  /** The way back to now; there only while the chart shows earlier bars. */
  readonly now: Locator;

  constructor(page: Page, pane: string) {
    this.#page = page;
    this.#pane = pane;
    this.pane = page.locator(`[data-pane="${pane}"]`);
    this.stage = this.pane.locator('.chart-stage');
    this.title = this.pane.getByRole('heading', { level: 2 });
    this.canvas = this.pane.getByRole('img');
    this.lines = this.pane.getByRole('spinbutton', { name: /^Alert: / });
    this.now = this.pane.getByRole('button', { name: 'Now', exact: true });
  }

  /** Waits until there are bars. */
  async drawn(): Promise<void> {
    await this.pane.locator('.chart-stage[data-phase="drawn"]').waitFor();
  }

  button(name: string): Locator {
    return this.pane.getByRole('button', { name, exact: true });
  }

  /** Chooses an interval such as `5m`, by its button or, where there is no room for that, from the menu. */
  async choose(interval: string): Promise<void> {
    const button = this.button(interval);
    if (await button.isVisible()) await button.click();
    else {
      await this.pane.getByRole('button', { name: /^All intervals/ }).click();
      await this.#page
        .getByRole('menuitemradio')
        .filter({ has: this.#page.getByText(interval, { exact: true }) })
        .click();
    }
    await this.canvas.and(this.#page.getByLabel(`, ${interval}, `)).waitFor();
    // A pointer left over a chart would go on pointing at its bars.
    await this.#page.mouse.move(1, 1);
  }

  legend(part: LegendPart): Locator {
    return this.pane.locator(`.legend [data-part="${part}"]`);
  }

  /** Open, high, low, close and volume as the legend says them, all read at the same moment. */
  async bar(): Promise<string> {
    const parts = `['open', 'high', 'low', 'close', 'volume']`;
    const legend = `document.querySelector('[data-pane="${this.#pane}"] .legend')`;
    return this.#page.evaluate<string>(
      `${parts}.map(part => ${legend}.querySelector('[data-part="' + part + '"]').textContent).join(' ')`,
    );
  }

  /** What is in view, in one sentence: how many bars, from when to when, and their prices. */
  async summary(): Promise<string> {
    return (await this.stage.locator('p.visually-hidden').textContent()) ?? '';
  }

  /** Presses keys on the chart one after the other. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.stage.focus();
    for (const key of keys) await this.stage.press(key);
  }

  /** Where the line of an alert stands. */
  async levelOf(line: Locator): Promise<number> {
    return Number(await line.getAttribute('aria-valuenow'));
  }

  /** Takes hold of an alert's line and lets it go `by` pixels further down. */
  async dragLine(line: Locator, by: number): Promise<void> {
    const label = await line.locator('.alert-label').boundingBox();
    if (label === null) throw new Error('The line is not on the screen.');
    const [x, y] = [label.x + 10, label.y + label.height / 2];
    await this.#page.mouse.move(x, y);
    await this.#page.mouse.down();
    await this.#page.mouse.move(x, y + by, { steps: 6 });
    await this.#page.mouse.up();
  }
}
