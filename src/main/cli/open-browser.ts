import { spawn } from 'node:child_process';
import type { Logger } from '../engine/logger.ts';
import type { CliDeps, StartProgram } from './host.ts';

/** Opens `url` in the system's browser. That there is none is worth a line in the log, not more: the address is printed. */
export function openBrowser(deps: Pick<CliDeps, 'process' | 'startBrowser'>, url: string, log: Logger): void {
  const [command, args] = openCommand(deps.process.platform, url);
  const start = deps.startBrowser ?? startDetached;
  const child = start(command, args);
  child.once('error', error =>
    log.warn({ err: error, command }, 'cannot open the browser; open the address by hand'),
  );
  child.unref();
}

/** The program that opens an address on this system. */
export function openCommand(platform: NodeJS.Platform, url: string): [command: string, args: string[]] {
  if (platform === 'darwin') return ['open', [url]];
  // `start` is part of cmd.exe; its first quoted argument would be a title. The token's alphabet needs no quoting.
  if (platform === 'win32') return ['cmd.exe', ['/c', 'start', '', url]];
  return ['xdg-open', [url]];
}

const startDetached: StartProgram = (command, args) =>
  spawn(command, args, { detached: true, stdio: 'ignore' });
