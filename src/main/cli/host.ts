import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../engine/clock.ts';
import type { Environment, Settings } from '../engine/config/settings.ts';
import type { Engine } from '../engine/engine.ts';
import type { Logger } from '../engine/logger.ts';

/** Where text is written; `done` is called when it was taken, or with why it was not. */
export interface TextSink {
  write(text: string, done?: (error?: Error | null) => void): unknown;
}

/** The part of Node's `process` the commands use. */
export interface ProcessLike {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  getuid?: (() => number) | undefined;
  on(event: string, listener: (error: unknown) => void): unknown;
  off(event: string, listener: (error: unknown) => void): unknown;
}

/** Makes the engine a command runs. */
export type CreateEngine = (deps: {
  settings: Settings;
  dataDir: string;
  clock: Clock;
  log: Logger;
  host: 'desktop' | 'gateway';
  version: string;
}) => Engine;

/** Starts another program; Node's `spawn` with the options already chosen. */
export type StartProgram = (command: string, args: readonly string[]) => ChildProcess;

/** What the commands are given by the entry, so that a test can give something else. */
export interface CliDeps {
  process: ProcessLike;
  clock: Clock;
  /** The checkout or package: `package.json` and `out/` are here. */
  rootDir: string;
  createEngine: CreateEngine;
  /** Starts the desktop app; tied to our terminal. */
  startDesktop?: StartProgram;
  /** Opens the system's browser; lives on without us. */
  startBrowser?: StartProgram;
}

/** Whether a window could be shown: always on Windows and macOS, elsewhere when X11 or Wayland is there. */
export function hasDisplay({ platform, env }: Pick<ProcessLike, 'platform' | 'env'>): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}
