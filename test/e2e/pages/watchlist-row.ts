import type { Locator } from '@playwright/test';

/** One token's row of the watchlist. */
export class WatchlistRow {
  readonly row: Locator;
  /** The price cell; carries `data-price` (the exact decimal), `data-event-id` and `data-freshness`. */
  readonly price: Locator;
  readonly change: Locator;
  readonly age: Locator;
  readonly source: Locator;

  constructor(row: Locator) {
    this.row = row;
    this.price = row.locator('.price');
    this.change = row.locator('.change');
    this.age = row.locator('.age');
    this.source = row.locator('.token-source');
  }

  /** The price as written on the screen, such as `151.2348` or `0.0₅30412`. */
  async priceText(): Promise<string> {
    return (await this.price.textContent()) ?? '';
  }

  /** The exact price behind the text, as a decimal string; empty when there is none. */
  async exactPrice(): Promise<string> {
    return (await this.price.getAttribute('data-price')) ?? '';
  }

  /** The id of the event whose price is painted; empty when there is none. */
  async eventId(): Promise<string> {
    return (await this.price.getAttribute('data-event-id')) ?? '';
  }

  /** `fresh`, `delayed`, `stale` or `unavailable`. */
  async freshness(): Promise<string> {
    return (await this.price.getAttribute('data-freshness')) ?? '';
  }

  /** The age in seconds as written; `NaN` when none is or it is a minute or more. */
  async ageSeconds(): Promise<number> {
    const text = (await this.age.textContent()) ?? '';
    return /^[\d.]+ s$/.test(text) ? Number(text.slice(0, -2)) : Number.NaN;
  }

  async sourceText(): Promise<string> {
    return (await this.source.textContent()) ?? '';
  }

  async isSelected(): Promise<boolean> {
    return (await this.row.getAttribute('aria-selected')) === 'true';
  }
}
