import { once } from 'node:events';
import { _electron } from '@playwright/test';
import { findElectron, hasDisplay } from '../../../scripts/lib/electron.mjs';
import { appEnvironment } from './app-process.ts';
import { ROOT } from './chromium.ts';
import type { LaunchOptions, RunningApp } from './runner.ts';

/** Why the real Electron cannot be used here; `undefined` when it can. */
export function electronMissing(): string | undefined {
  if (findElectron(ROOT) === undefined) return 'the Electron binary is not installed (npx install-electron)';
  if (!hasDisplay(process.env, process.platform)) return 'there is no display for Electron';
  return undefined;
}

/** The built desktop app in real Electron. */
export async function launchElectron({ args = [], env, dataDir }: LaunchOptions): Promise<RunningApp> {
  const executablePath = findElectron(ROOT);
  if (executablePath === undefined) throw new Error(electronMissing());
  // Only a user other than root can keep Chromium's own sandbox; the pages' `sandbox: true` holds either way.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const environment = Object.entries(appEnvironment(env)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const app = await _electron.launch({
    executablePath,
    args: [...asRoot, ROOT, '--data-dir', dataDir, ...args],
    env: Object.fromEntries(environment),
  });
  const child = app.process();
  let logs = '';
  child.stdout?.on('data', (text: Buffer) => (logs += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (logs += text.toString()));
  return {
    runner: 'electron',
    page: await app.firstWindow(),
    logs: () => logs,
    pid: child.pid ?? -1,
    async kill9() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    close: () => app.close(),
  };
}
