import { join } from 'node:path';
import { z } from 'zod';
import { appEnvironment, startProcess } from './app-process.ts';
import { ROOT } from './chromium.ts';
import type { LaunchOptions, RunningApp } from './runner.ts';

/** A new data directory gets a database of its own first; a busy machine takes its time over that. */
const READY_WITHIN_MS = 60_000;

const Ready = z.object({ event: z.literal('ready'), url: z.string(), port: z.number() });

/** `tenhertz serve` as it was built, and its address in Chromium. */
export async function launchGateway({
  args = [],
  env,
  dataDir,
  browser,
}: LaunchOptions): Promise<RunningApp> {
  const program = join(ROOT, 'bin', 'tenhertz.mjs');
  const flags = ['serve', '--no-open', '--port', '0', '--data-dir', dataDir, ...args];
  const app = startProcess(process.execPath, [program, ...flags], {
    env: appEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const { url } = await app.until(readReady, READY_WITHIN_MS, 'ready line');
    const context = await browser.newContext();
    const page = await context.newPage();
    return {
      runner: 'gateway',
      page,
      url,
      logs: app.logs,
      pid: app.pid,
      kill9: app.kill9,
      async close() {
        await context.close();
        await app.end();
      },
    };
  } catch (error) {
    await app.kill9();
    throw error;
  }
}

function readReady(stdout: string): z.infer<typeof Ready> | undefined {
  const line = stdout.includes('\n') ? stdout.split('\n', 1)[0] : undefined;
  return line === undefined ? undefined : Ready.parse(JSON.parse(line));
}
