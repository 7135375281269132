import type { Locator, Page } from '@playwright/test';

/** The Settings pane. */
export class SettingsPart {
  readonly pane: Locator;
  readonly search: Locator;
  /** Of the section that is shown. */
  readonly save: Locator;
  readonly discard: Locator;

  constructor(page: Page) {
    this.pane = page.getByRole('region', { name: 'Settings', exact: true });
    this.search = this.pane.getByRole('searchbox', { name: 'Search the settings' });
    this.save = this.pane.getByRole('button', { name: 'Save', exact: true });
    this.discard = this.pane.getByRole('button', { name: 'Discard' });
  }

  /** The field of a setting by its label. */
  field(label: string): Locator {
    return this.pane.getByLabel(label, { exact: true });
  }

  section(title: string): Locator {
    return this.pane.getByRole('navigation').getByRole('button', { name: title });
  }

  /** Writes numbers and times by another locale and zone; the appearance has to be in sight, empty is the system's. */
  async writeBy(locale: string, timeZone: string): Promise<void> {
    await this.field('Numbers and dates').selectOption(locale);
    await this.field('Time zone').selectOption(timeZone);
  }
}
