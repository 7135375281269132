import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { chromiumOptions } from '../e2e/runners/chromium.ts';

/** A Chromium the double shows its windows in, and the test process looks into. */
export interface Browser {
  readonly context: BrowserContext;
  /** For `connectOverCDP`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts Chromium with a debugging port on loopback. */
export async function startChromium(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'th-double-'));
  const options = chromiumOptions();
  const context = await chromium.launchPersistentContext(profile, {
    ...options,
    args: [...options.args, '--remote-debugging-port=0'],
    viewport: null,
    // The app decides when it ends; Playwright's own handlers would close the windows first.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const portFile = join(profile, 'DevToolsActivePort');
  for (let tries = 0; !existsSync(portFile) && tries < 500; tries += 1) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  const port = readFileSync(portFile, 'utf8').split('\n', 1)[0] ?? '';
  return {
    context,
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
