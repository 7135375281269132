import type { Page } from '@playwright/test';
import type { AlertDelivery } from '../../src/shared/contract.ts';

/** What the page asked the invented engine for last with a command; `undefined`: it never did. */
export function lastAsked(page: Page, command: string): Promise<Record<string, unknown> | undefined> {
  return page.evaluate(
    name => window.fakeEngine.calls.findLast(call => call.command === name)?.args,
    command,
  );
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
