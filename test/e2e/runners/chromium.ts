import { join } from 'node:path';
import { CHROMIUM, findNative } from '../../../scripts/lib/native.mjs';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Headless, as root too, and silent towards the network. */
export const CHROMIUM_ARGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--window-size=1440,900',
];

/** `executablePath` for Playwright: the Chromium that was found here; empty where Playwright is to use its own. */
export function chromiumOptions(): { executablePath?: string; args: string[] } {
  const executablePath = findNative(ROOT, CHROMIUM);
  return { args: [...CHROMIUM_ARGS], ...(executablePath === undefined ? {} : { executablePath }) };
}
