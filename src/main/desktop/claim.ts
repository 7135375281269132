import { join } from 'node:path';
import type { App } from 'electron';
import { readSettings, type Environment, type Settings } from '../engine/config/settings.ts';
import { desktopFlags } from '../engine/config/settings-flags.ts';
import { TenhertzError } from '../engine/errors.ts';

/** The part of Node's `process` that is read at the start. */
interface StartProcess {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stderr: { write(text: string): unknown };
}

/** How the app was started. */
export interface Start {
  settings: Settings;
  updaterOnly: boolean;
}

/**
 * Reads flags, environment and file. A mistake in them is said on stderr and ends the app with its exit code; the answer
 * is then `undefined`, because Electron's `exit` may come back.
 */
export function readStart(deps: { app: Pick<App, 'exit'>; process: StartProcess }): Start | undefined {
  const { argv, env, stderr } = deps.process;
  try {
    const { flags, updaterOnly } = desktopFlags(argv.slice(1));
    return { settings: readSettings({ flags, env }), updaterOnly };
  } catch (error) {
    if (!(error instanceof TenhertzError)) throw error;
    stderr.write(`tenhertz: ${error.message}\n`);
    deps.app.exit(error.exitCode);
    return undefined;
  }
}

/**
 * One app per data directory: the lock belongs to the profile folder, which is therefore put into the data directory.
 * A second start hands over to the first (which shows its window) and ends with exit code 0; the answer is then false.
 */
export function claimDataDir(deps: {
  app: Pick<App, 'exit' | 'setName' | 'setPath' | 'requestSingleInstanceLock'>;
  dataDir: string;
}): boolean {
  deps.app.setName('Tenhertz');
  deps.app.setPath('userData', join(deps.dataDir, 'desktop'));
  if (deps.app.requestSingleInstanceLock()) return true;
  deps.app.exit(0);
  return false;
}
