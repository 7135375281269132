import type { Locator, Page } from '@playwright/test';
import { attributesOf } from './attributes.ts';

/** The positions: a table whose row header is the token. */
export class PositionsPane {
  readonly #page: Page;
  readonly region: Locator;
  readonly table: Locator;
  readonly rows: Locator;
  readonly empty: Locator;
  /** Sums in the pane's title; each carries `data-freshness`. */
  readonly totalPnl: Locator;
  readonly totalValue: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.region = page.getByRole('region', { name: 'Positions', exact: true });
    this.table = this.region.getByRole('table', { name: 'Positions' });
    this.rows = this.table.locator('tbody tr');
    this.empty = this.region.locator('.pane-empty');
    this.totalPnl = this.region.locator('[data-total="pnl"]');
    this.totalValue = this.region.locator('[data-total="value"]');
  }

  /** The position of a token, by its exact name; with `channel` when several channels hold it. */
  row(token: string, channel?: string): PositionRowPart {
    const where = channel === undefined ? '' : `[data-channel=${JSON.stringify(channel)}]`;
    return new PositionRowPart(this.table.locator(`tr[data-token=${JSON.stringify(token)}]${where}`));
  }

  /** The tokens from top to bottom. */
  async tokens(): Promise<string[]> {
    return attributesOf(this.#page, '.positions tbody tr', 'data-token');
  }
}

/** One position; every cell carries `data-freshness`, the row `data-event-id` of the update it shows. */
export class PositionRowPart {
  readonly row: Locator;
  readonly amount: Locator;
  readonly pnl: Locator;
  /** The newest price of the token; `data-price` is the exact decimal. */
  readonly mark: Locator;
  readonly value: Locator;
  readonly age: Locator;
  /** `user_0001` of `positions:user_0001`; there only when more than one channel is on screen. */
  readonly owner: Locator;

  constructor(row: Locator) {
    this.row = row;
    this.amount = row.locator('[data-part="amount"]');
    this.pnl = row.locator('[data-part="pnl"]');
    this.mark = row.locator('[data-part="mark"]');
    this.value = row.locator('[data-part="value"]');
    this.age = row.locator('[data-part="age"] .age');
    this.owner = row.locator('.position-owner');
  }

  /** The id of the update that is shown. */
  async eventId(): Promise<string> {
    return (await this.row.getAttribute('data-event-id')) ?? '';
  }

  /** `fresh`, `delayed` or `stale`, of what the producer told. */
  async freshness(): Promise<string> {
    return (await this.amount.getAttribute('data-freshness')) ?? '';
  }

  /** The same of the price it is marked to; also `unavailable`. */
  async markFreshness(): Promise<string> {
    return (await this.mark.getAttribute('data-freshness')) ?? '';
  }
}
