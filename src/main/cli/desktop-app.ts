import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHARED_FLAGS, type SettingsFlags } from '../engine/config/settings-flags.ts';
import { TenhertzError } from '../engine/errors.ts';
import { hasDisplay, type CliDeps, type ProcessLike, type StartProgram } from './host.ts';

/** Where the desktop app can be started from, or why it cannot. */
export type DesktopApp = { electron: string; main: string } | { missing: string };

/**
 * Looks for the Electron binary without importing the `electron` package, which would start a download. As root on Linux
 * Chromium runs only without its sandbox, which the monitor does not give up: root gets the browser.
 */
export function findDesktopApp(rootDir: string, process: ProcessLike): DesktopApp {
  const main = join(rootDir, 'out', 'main', 'index.js');
  if (!existsSync(main)) return { missing: 'the desktop app is not built (npm run build)' };
  const electron = electronBinary(rootDir, process.env['ELECTRON_OVERRIDE_DIST_PATH']);
  if (electron === undefined)
    return { missing: 'the Electron binary is not installed (npx install-electron)' };
  if (!hasDisplay(process)) return { missing: 'there is no display' };
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return { missing: 'Electron keeps its sandbox only for a user other than root' };
  }
  return { electron, main };
}

/** The path of Electron's binary if it is there. The package's `path.txt` names it once it was fetched. */
export function electronBinary(rootDir: string, overrideDir: string | undefined): string | undefined {
  const folder = join(rootDir, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : undefined;
  if (overrideDir) return existing(join(overrideDir, name ?? 'electron'));
  return name === undefined ? undefined : existing(join(folder, 'dist', name));
}

/** Runs the desktop app until it ends; our signals are passed on. Throws `DESKTOP_FAILED` when it ended with an error. */
export async function runDesktopApp(
  deps: Pick<CliDeps, 'process' | 'startDesktop'>,
  app: { electron: string; main: string },
  flags: SettingsFlags & { updater?: boolean | undefined },
): Promise<void> {
  const start = deps.startDesktop ?? startAttached;
  const child = start(app.electron, [
    app.main,
    ...flagTexts(flags),
    ...(flags.updater === true ? ['--updater'] : []),
  ]);
  const pass = (signal: NodeJS.Signals) => (): void => void child.kill(signal);
  const passInt = pass('SIGINT');
  const passTerm = pass('SIGTERM');
  deps.process.on('SIGINT', passInt);
  deps.process.on('SIGTERM', passTerm);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    // The app has said why on the same terminal; its exit code is one of ours.
    if (code !== 0) {
      const exitCode = code === 2 || code === 3 || code === 4 ? code : 1;
      throw new TenhertzError('DESKTOP_FAILED', 'The desktop app ended with an error.', {
        exitCode,
        facts: { code },
      });
    }
  } finally {
    deps.process.off('SIGINT', passInt);
    deps.process.off('SIGTERM', passTerm);
  }
}

/** The shared flags as they are written on a command line. */
export function flagTexts(flags: SettingsFlags): string[] {
  return SHARED_FLAGS.flatMap(({ name, key }) => {
    const value = flags[key];
    if (value === undefined || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}=${value}`];
  });
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

const startAttached: StartProgram = (command, args) => spawn(command, args, { stdio: 'inherit' });
