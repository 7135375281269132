import type { Locator, Page } from '@playwright/test';
import { DeskPart } from './desk-part.ts';
import { OperationsPage } from './operations-page.ts';
import { PositionsPane } from './positions-pane.ts';
import { TapePane } from './tape-pane.ts';
import { WatchlistRow } from './watchlist-row.ts';

/** The monitor as a trader sees it; every end-to-end spec talks to the screen through this. */
export class MonitorPage {
  readonly page: Page;
  readonly root: Locator;
  readonly watchlist: Locator;
  readonly chart: Locator;
  readonly health: Locator;
  readonly tape: TapePane;
  readonly positions: PositionsPane;
  /** The other view; call its `open` first. */
  readonly operations: OperationsPage;
  /** Layouts, panes, palette, keys. */
  readonly desk: DeskPart;
  readonly statusBar: Locator;
  /** The notice over the chart; not there when all is well. */
  readonly banner: Locator;
  /** The headline price of the token on the chart. */
  readonly headline: Locator;
  readonly legend: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('html');
    this.watchlist = page.getByRole('region', { name: 'Watchlist' });
    this.chart = page.getByRole('region', { name: 'Chart', exact: true });
    this.health = page.getByRole('region', { name: 'System health' });
    this.tape = new TapePane(page);
    this.positions = new PositionsPane(page);
    this.operations = new OperationsPage(page);
    this.desk = new DeskPart(page);
    this.statusBar = page.getByRole('contentinfo', { name: 'Status' });
    this.banner = this.chart.getByRole('note', { name: 'Notice' });
    this.headline = this.chart.locator('.headline');
    this.legend = this.chart.locator('.legend');
  }

  /** `connecting`, `live`, `reconnecting` or `lost`. */
  async connection(): Promise<string> {
    return (await this.root.getAttribute('data-connection')) ?? '';
  }

  /** The last batch painted. */
  async seq(): Promise<number> {
    return Number(await this.root.getAttribute('data-seq'));
  }

  async theme(): Promise<string> {
    return (await this.root.getAttribute('data-theme')) ?? '';
  }

  /** The row of a token, by its exact name. */
  row(token: string): WatchlistRow {
    const header = this.page.getByRole('rowheader', { name: token, exact: true });
    return new WatchlistRow(this.watchlist.getByRole('row').filter({ has: header }));
  }

  /** The prices of the watchlist with that freshness. */
  prices(freshness: 'fresh' | 'delayed' | 'stale' | 'unavailable'): Locator {
    return this.watchlist.locator(`.price[data-freshness="${freshness}"]`);
  }

  /** The tokens of the watchlist, in order. */
  async tokens(): Promise<string[]> {
    return this.watchlist.getByRole('rowheader').locator('.token').allTextContents();
  }

  /** What an entry of the status bar says after its label; ids as in `status-entries.ts`, such as `source:kraken`. */
  statusValue(id: string): Locator {
    return this.statusEntry(id).locator('.status-value');
  }

  /** An entry of the status bar; its title has the detail and the age. */
  statusEntry(id: string): Locator {
    return this.statusBar.locator(`[data-status="${id}"]`);
  }

  /** SIMULATED or RECORDED; not there in a live market. */
  get marketBadge(): Locator {
    return this.page.locator('[data-badge="market"]');
  }

  /** LIVE, STALE n of m, DISCONNECTED …; in a simulated market it is there only when something is wrong. */
  get stateBadge(): Locator {
    return this.page.locator('[data-badge="state"]');
  }

  /** A source in the health pane. */
  source(name: string): Locator {
    return this.health.locator(`[data-source="${name}"]`);
  }

  /** What a component said about itself last (`system_status`), in the health pane; carries `data-event-id`. */
  component(name: string): Locator {
    return this.health.locator(`[data-component=${JSON.stringify(name)}]`);
  }

  async select(token: string): Promise<void> {
    await this.row(token).row.click();
  }

  intervalButton(name: '1s' | '5s' | '1m' | 'Line'): Locator {
    return this.chart.getByRole('button', { name, exact: true });
  }

  async useSimulatedMarket(): Promise<void> {
    await this.banner.getByRole('button', { name: 'Use the simulated market' }).click();
  }

  async tryLiveSources(): Promise<void> {
    await this.page.getByRole('button', { name: 'Try live sources' }).click();
  }

  async toggleTheme(): Promise<void> {
    await this.page.getByRole('button', { name: /^Use the (dark|light) theme$/ }).click();
  }
}
