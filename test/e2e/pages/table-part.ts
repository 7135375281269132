import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';

/** The table of a pane, whatever it holds: headers, columns, menus, copies, files. */
export class TablePart {
  readonly #page: Page;
  readonly #region: Locator;
  /** What the table says it has done. */
  readonly said: Locator;

  /** @param region name of the pane's region */
  constructor(page: Page, region: string) {
    this.#page = page;
    this.#region = page.getByRole('region', { name: region, exact: true });
    this.said = this.#region.locator('.table-said');
  }

  /** The header of a column; carries `aria-sort`. */
  header(title: string): Locator {
    return this.#region.getByRole('columnheader', { name: title, exact: true });
  }

  /** Sorts by a column; again turns it round, a third time leaves the own order. */
  async sortBy(title: string): Promise<void> {
    await this.header(title).getByRole('button').click();
  }

  /** Shows columns that are hidden, or hides them. */
  async toggleColumns(...titles: readonly string[]): Promise<void> {
    await this.#region.getByRole('button', { name: 'Columns and export' }).click();
    for (const title of titles)
      await this.#page.getByRole('menuitemcheckbox', { name: new RegExp(`^${title} ?✓?$`) }).click();
    await this.#page.keyboard.press('Escape');
  }

  /** Chooses from the menu of a row, opened by keyboard. */
  async chooseOf(row: Locator, title: string): Promise<void> {
    await row.focus();
    await row.press('Shift+F10');
    await this.#page.getByRole('menuitem', { name: title }).click();
  }

  /** Exports the table: the file's name, and its lines with the titles first. */
  async csv(): Promise<{ name: string; lines: string[] }> {
    await this.#region.getByRole('button', { name: 'Columns and export' }).click();
    const download = this.#page.waitForEvent('download');
    await this.#page.getByRole('menuitem', { name: 'Export CSV' }).click();
    const file = await download;
    const text = await readFile(await file.path(), 'utf8');
    return { name: file.suggestedFilename(), lines: text.split('\r\n').filter(line => line !== '') };
  }
}
