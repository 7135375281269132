import type { Locator, Page } from '@playwright/test';

/** The alerts pane, its editor, and what rings over the screen. */
export class AlertsPart {
  readonly pane: Locator;
  /** The dialog in which an alert is made or changed. */
  readonly editor: Locator;
  /** How many alerts there are, in the top bar. */
  readonly count: Locator;
  readonly toasts: Locator;
  /** What a screen reader is told when an alert rings. */
  readonly announced: Locator;
  /** Of the log; call {@link AlertsPart.view} first. */
  readonly deliveries: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.pane = page.getByRole('region', { name: 'Alerts', exact: true });
    this.editor = page.getByRole('dialog', { name: /^(New|Change) alert$/ });
    this.count = page.getByTitle('Show the alerts');
    this.toasts = page.locator('.alert-toast');
    this.announced = page.getByRole('status', { name: 'Alerts that ring' });
    this.deliveries = this.pane.locator('.alert-delivery');
  }

  /** Brings the pane to the front, through the palette. */
  async open(): Promise<void> {
    await this.#page.locator('html[data-connection="live"]').waitFor();
    await this.#page.keyboard.press('Control+k');
    await this.#page.getByRole('dialog').getByRole('combobox').fill('alerts');
    await this.#page
      .getByRole('option', { name: /Show.*Alerts|Alerts pane|^Alerts/ })
      .first()
      .click();
    await this.pane.waitFor();
  }

  /** Shows one of the pane's three parts. */
  async view(name: 'Rules' | 'Log' | 'Sound and quiet hours'): Promise<void> {
    await this.pane
      .getByRole('group', { name: 'What is shown' })
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .click();
  }

  /** The rule of that name. */
  rule(name: string): Locator {
    return this.pane.locator('.alert-item').filter({ has: this.#page.getByText(name, { exact: true }) });
  }

  /** Makes a price rule in the editor. */
  async create(rule: {
    token: string;
    direction: 'crosses' | 'rises to' | 'falls to';
    level: string;
    name: string;
    /** How often it may ring; five minutes by default. */
    everyMs?: number;
  }): Promise<void> {
    await this.pane.getByRole('button', { name: 'New alert' }).click();
    const dialog = this.#page.getByRole('dialog', { name: 'New alert' });
    await dialog.getByLabel('Token').fill(rule.token);
    const direction = { crosses: 'cross', 'rises to': 'above', 'falls to': 'below' }[rule.direction];
    await dialog.getByLabel('Direction').selectOption(direction);
    await dialog.getByLabel('Level').fill(rule.level);
    await dialog.getByLabel('Name').fill(rule.name);
    if (rule.everyMs !== undefined) {
      await dialog.getByLabel('Unit of at most every').selectOption('s');
      await dialog.getByLabel('At most every', { exact: true }).fill(String(rule.everyMs / 1_000));
    }
    await dialog.getByRole('button', { name: 'Create alert' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await this.rule(rule.name).waitFor();
  }

  /** Puts a ringing alert away. */
  async putAway(name: string): Promise<void> {
    await this.#page.getByRole('button', { name: `Put away: ${name}` }).click();
  }
}
