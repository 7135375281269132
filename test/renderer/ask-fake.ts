import type { Page } from '@playwright/test';
import type { AlertDelivery } from '../../src/shared/contract.ts';

/** What the page asked the invented engine for last with a command; `undefined`: it never did. */
export function lastAsked(page: Page, command: string): Promise<Record<string, unknown> | undefined> {
  return page.evaluate(
    name => window.fakeEngine.calls.findLast(call => call.command === name)?.args,
    command,
  );
}

/** The documents of the desk as the invented engine keeps them by now, by name: what the page finds after a reload. */
export function keptDocuments(page: Page): Promise<Record<string, unknown>> {
  return page.evaluate(() => {
    const kept: Record<string, unknown> = {};
    for (const { command, args } of window.fakeEngine.calls)
      if (command === 'desk.write') kept[String(args['name'])] = args['value'];
    return kept;
  });
}

/** From now on the invented engine refuses these commands, each with its words, and no others. */
export function refuse(page: Page, refusals: Record<string, string>): Promise<void> {
  return page.evaluate(words => {
    window.fakeEngine.refusals = words;
  }, refusals);
}

/** Fires an alert with the next batch. */
export function fire(page: Page, part: Partial<AlertDelivery>): Promise<void> {
  return page.evaluate(delivery => window.fakeEngine.fire(delivery), part);
}
