import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { attributesOf } from './attributes.ts';

/** What the trader arranges: layouts, panes, palette, keys. */
export class DeskPart {
  readonly #page: Page;
  /** The palette while it is open. */
  readonly palette: Locator;
  readonly paletteField: Locator;
  readonly paletteLines: Locator;
  /** What is said of layouts that cannot be read or saved. */
  readonly notice: Locator;
  readonly keys: Locator;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.palette = page.getByRole('dialog', { name: 'Commands' });
    this.paletteField = this.palette.getByRole('combobox');
    this.paletteLines = this.palette.getByRole('option');
    this.notice = page.locator('[data-notice="layouts"]');
    this.keys = page.getByRole('region', { name: 'Keys', exact: true });
    this.dialog = page.getByRole('dialog');
  }

  /** The tab of a layout. */
  layout(name: string): Locator {
    return this.#page.getByRole('tablist', { name: 'Layouts' }).getByRole('tab', { name, exact: true });
  }

  /** The names of the layouts, in order. */
  async layouts(): Promise<string[]> {
    return this.#page.getByRole('tablist', { name: 'Layouts' }).getByRole('tab').allTextContents();
  }

  /** A pane by the name of its region. */
  pane(name: string): Locator {
    return this.#page.getByRole('region', { name, exact: true });
  }

  /** The names of the panes on the screen. */
  async panes(): Promise<string[]> {
    return attributesOf(this.#page, '[data-region]', 'aria-label');
  }

  /** Chooses from the menu behind the plus: `New layout…`, `Duplicate this layout`. */
  async chooseLayoutCommand(title: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'Layouts: new, rename, delete' }).click();
    await this.#page.getByRole('menuitem', { name: title }).click();
  }

  /** Makes a layout of that name; a name it cannot have leaves the dialog open, with the reason. */
  async nameNewLayout(name: string): Promise<void> {
    await this.chooseLayoutCommand('New layout…');
    await this.dialog.getByRole('textbox').fill(name);
    await this.dialog.getByRole('textbox').press('Enter');
  }

  /** Saves the layout in use as a file: its name, and what is in it. */
  async exportLayout(): Promise<{ name: string; text: string }> {
    const downloading = this.#page.waitForEvent('download');
    await this.chooseLayoutCommand('Export this layout');
    const download = await downloading;
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  }

  /** Reads a layout in from a file that holds `text`. */
  async importLayout(text: string): Promise<void> {
    const choosing = this.#page.waitForEvent('filechooser');
    await this.chooseLayoutCommand('Import a layout');
    const chooser = await choosing;
    const [name, mimeType] = ['layout.json', 'application/json'];
    await chooser.setFiles({ name, mimeType, buffer: Buffer.from(text) });
  }

  /** Chooses from the menu of a pane: `Maximise`, `Close`. */
  async choosePaneCommand(pane: string, title: string): Promise<void> {
    await this.#page.getByRole('button', { name: `${pane}: menu`, exact: true }).click();
    await this.#page.getByRole('menuitem', { name: title }).click();
  }

  /** Puts a pane into a link group: `Group B`. */
  async link(pane: string, group: string): Promise<void> {
    await this.pane(pane)
      .getByRole('button', { name: /^Link:/ })
      .click();
    await this.#page.getByRole('menuitemradio', { name: group }).click();
  }

  /** The pane that has the keyboard; `null`: none. */
  async focusedPane(): Promise<string | null> {
    return this.#page.evaluate<string | null>(
      "document.activeElement?.closest('[data-region]')?.getAttribute('aria-label') ?? null",
    );
  }

  /** Opens the palette, types, and runs the first line. */
  async run(words: string): Promise<void> {
    // Keys are heard once the page has started, and commands about panes make sense once there are panes.
    await this.#page.locator('html[data-connection]').waitFor({ state: 'attached' });
    await this.#page.locator('[data-pane]').first().waitFor();
    await this.#page.keyboard.press('Control+k');
    await this.paletteField.fill(words);
    await this.palette.getByRole('option').first().waitFor();
    await this.paletteField.press('Enter');
    await this.palette.waitFor({ state: 'detached' });
  }

  /** The row of a command in the Keys pane. */
  keyRow(command: string): Locator {
    return this.keys.locator(`tr[data-command=${JSON.stringify(command)}]`);
  }

  /** Opens the Keys pane. */
  async openKeys(): Promise<void> {
    await this.run('keys: look at them');
    await this.keys.waitFor();
  }

  /** The button with a command's key in the Keys pane. */
  keyOf(command: string): Locator {
    return this.keyRow(command).getByRole('button', { name: /^Key of/ });
  }

  /** Gives a command another key through the Keys pane. */
  async bind(command: string, key: string): Promise<void> {
    await this.keyOf(command).click();
    await this.#page.keyboard.press(key);
  }
}
