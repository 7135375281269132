import type { Locator, Page } from '@playwright/test';
import { attributesOf } from './attributes.ts';

/**
 * Runs in the page (and is a text because these files are compiled without the page's types): scrolls the list from top to
 * bottom and collects the event ids. Rows are drawn a moment after the scroll, so it waits for the last one in sight.
 */
const COLLECT_IDS = `(async () => {
  const list = document.querySelector('.tape-scroll');
  const found = new Map();
  for (let top = 0; ; top += Math.max(22, list.clientHeight - 44)) {
    list.scrollTop = top;
    const end = Math.min(list.scrollTop + list.clientHeight, list.scrollHeight) - 1;
    const last = '[aria-rowindex="' + (Math.floor(end / 22) + 2) + '"]';
    for (let tries = 0; tries < 40 && list.querySelector(last) === null; tries += 1)
      await new Promise(resolve => setTimeout(resolve, 25));
    for (const row of list.querySelectorAll('.trade'))
      found.set(Number(row.getAttribute('aria-rowindex')), row.getAttribute('data-event-id'));
    if (top + list.clientHeight >= list.scrollHeight) break;
  }
  return [...found].sort(([a], [b]) => a - b).map(([, id]) => id);
})()`;

/**
 * The trade tape. It is virtualised: only rows in sight (and a few around them) are in the page, newest first; what was
 * taken in all is {@link total}.
 */
export class TapePane {
  readonly #page: Page;
  readonly region: Locator;
  /** Rows in the page, newest first; each carries `data-event-id`, `data-side` and `data-size`. */
  readonly rows: Locator;
  /** The part that scrolls; it pauses the tape while pointed at or focused. */
  readonly list: Locator;
  /** "Paused · n new"; not there while the tape runs. */
  readonly pausedBar: Locator;
  /** The most urgent notice (gap, missed events); `data-notice` is `open`, `healed`, `lost` or `missed`. */
  readonly notice: Locator;
  readonly empty: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.region = page.getByRole('region', { name: 'Trade tape', exact: true });
    this.rows = this.region.locator('.trade');
    this.list = this.region.locator('.tape-scroll');
    this.pausedBar = this.region.locator('.tape-paused');
    this.notice = this.region.getByRole('note', { name: 'Trade tape notice' });
    this.empty = this.region.locator('.pane-empty');
  }

  /** Event ids of the rows in the page, from the newest down. */
  async ids(): Promise<string[]> {
    return attributesOf(this.#page, '.trade', 'data-event-id');
  }

  /**
   * Event ids of every trade the tape holds (the newest 5,000 and a few), newest first: pauses it, scrolls from top to
   * bottom, lets it run again.
   */
  async allIds(): Promise<string[]> {
    await this.pauseButton.click();
    const ids = await this.#page.evaluate<string[]>(COLLECT_IDS);
    await this.pauseButton.click();
    return ids;
  }

  /** The row of an event, when it is in sight. */
  row(eventId: string): TradeRowPart {
    return new TradeRowPart(this.region.locator(`.trade[data-event-id=${JSON.stringify(eventId)}]`));
  }

  /** Trades taken since the last snapshot (the snapshot's included), those out of memory by now as well. */
  async total(): Promise<number> {
    return Number(await this.region.locator('.tape').getAttribute('data-total'));
  }

  async isPaused(): Promise<boolean> {
    return (await this.region.locator('.tape').getAttribute('data-paused')) === 'true';
  }

  get pauseButton(): Locator {
    return this.region.getByRole('button', { name: 'Pause the trade tape' });
  }

  /** The filter that leaves out trades below $100. */
  get hideSmallButton(): Locator {
    return this.region.getByRole('button', { name: '≥ $100' });
  }

  async dismissNotice(): Promise<void> {
    await this.notice.getByRole('button', { name: 'Put this notice away' }).click();
  }
}

/** One trade of the tape. */
export class TradeRowPart {
  readonly row: Locator;
  /** `14:32:07.9`, UTC. */
  readonly time: Locator;
  readonly token: Locator;
  /** `Buy`, `Sell`, or the producer's own word. */
  readonly side: Locator;
  /** Short in the text, exact in the title while the tape is held; so is the price. */
  readonly amount: Locator;
  readonly price: Locator;
  /** Amount times price. */
  readonly value: Locator;

  constructor(row: Locator) {
    this.row = row;
    this.time = row.locator('.trade-time');
    this.token = row.locator('.trade-token');
    this.side = row.locator('.trade-side');
    this.amount = row.locator('.trade-amount');
    this.price = row.locator('.trade-price');
    this.value = row.locator('.trade-value');
  }

  /** `small` (below $100), `ordinary` or `large` ($5,000 and more, marked). */
  async size(): Promise<string> {
    return (await this.row.getAttribute('data-size')) ?? '';
  }
}
