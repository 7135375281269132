import type { Locator, Page } from '@playwright/test';

/** The Operations view: the lag panel and the events browser. */
export class OperationsPage {
  readonly page: Page;
  readonly lag: Locator;
  readonly events: Locator;
  /** Streams found on the server; a row for each, `data-channel` is its name. */
  readonly channels: Locator;
  /** Entries of the selected channel that were read so far, newest first. */
  readonly entries: Locator;
  /** Dead letters of the selected channel, when that tab is open; `data-dead-id` is the id among the dead letters. */
  readonly deadLetters: Locator;
  /** What the engine refused, in its words. */
  readonly refusal: Locator;

  constructor(page: Page) {
    this.page = page;
    this.lag = page.getByRole('region', { name: 'Lag', exact: true });
    this.events = page.getByRole('region', { name: 'Events', exact: true });
    this.channels = this.events.getByRole('table', { name: 'Channels' });
    this.entries = this.events.locator('.entry[data-entry-id]');
    this.deadLetters = this.events.locator('.dead-letter');
    this.refusal = this.events.locator('.refusal');
  }

  /** Switches to this view; {@link close} goes back to the desk. */
  async open(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Operations' }).click();
    await this.events.waitFor();
  }

  async close(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Desk' }).click();
  }

  /** A cell of the lag panel; `part` is the column's name, such as `Lag`, `Behind`, `Trimmed unread`, `Gaps open`. */
  lagCell(channel: string, part: string): Locator {
    return this.lag.locator(`tr[data-channel=${JSON.stringify(channel)}] [data-part="${part}"]`);
  }

  /** The row of a stream in the list. */
  channel(name: string): Locator {
    return this.channels.locator(`tr[data-channel=${JSON.stringify(name)}]`);
  }

  /** The names of the streams in the list. */
  async channelNames(): Promise<string[]> {
    return this.channels.locator('.channel-name').allTextContents();
  }

  /** Shows groups, entries and dead letters of a stream. */
  async select(channel: string): Promise<void> {
    await this.channel(channel).getByRole('button', { name: channel, exact: true }).click();
  }

  /** The switch that follows a stream or lets it go. */
  followSwitch(channel: string): Locator {
    return this.channel(channel).getByRole('switch');
  }

  /** The row of a consumer group of the selected stream. */
  group(name: string): Locator {
    return this.events.locator(`tr[data-group=${JSON.stringify(name)}]`);
  }

  /** Looks at the list of streams again (it looks by itself every five seconds). */
  async refresh(): Promise<void> {
    await this.events.getByRole('button', { name: 'Read the list of streams again' }).click();
  }

  /** Follows a name or pattern through the input; a refusal is in {@link refusal}. */
  async follow(pattern: string): Promise<void> {
    await this.events.getByRole('textbox', { name: 'Channel or pattern to follow' }).fill(pattern);
    await this.events.getByRole('button', { name: 'Follow', exact: true }).click();
  }

  async unfollow(pattern: string): Promise<void> {
    await this.events.getByRole('button', { name: `Stop following ${pattern}`, exact: true }).click();
  }

  /** What is followed, names and patterns. */
  async patterns(): Promise<string[]> {
    return this.events.locator('.pattern code').allTextContents();
  }

  async older(): Promise<void> {
    await this.events.getByRole('button', { name: 'Older' }).click();
  }

  async newest(): Promise<void> {
    await this.events.getByRole('button', { name: 'Newest' }).click();
  }

  /** Opens the tab with the dead letters of the selected channel. */
  async openDeadLetters(): Promise<void> {
    await this.events.getByRole('tab', { name: /^Dead letters/ }).click();
  }

  async openEntries(): Promise<void> {
    await this.events.getByRole('tab', { name: 'Entries' }).click();
  }

  /** Puts one dead letter back, or drops it, and confirms. */
  async settle(act: 'Requeue' | 'Drop', deadId: string): Promise<void> {
    const letter = this.events.locator(`[data-dead-id=${JSON.stringify(deadId)}]`);
    await letter.getByRole('button', { name: act }).click();
    await this.confirm(act);
  }

  /** The same for all that are listed. */
  async settleAll(act: 'Requeue' | 'Drop'): Promise<void> {
    await this.events.getByRole('button', { name: new RegExp(`^${act} all`) }).click();
    await this.confirm(act);
  }

  private async confirm(act: string): Promise<void> {
    await this.events.getByRole('alertdialog').getByRole('button', { name: act, exact: true }).click();
  }
}
