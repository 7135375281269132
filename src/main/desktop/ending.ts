import type { App, Dialog } from 'electron';
import { sleep, type Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { messageOf, TenhertzError } from '../engine/errors.ts';
import type { Logger } from '../engine/logger.ts';

/** How long the engine may take to stop (the outside interface promises 5 s; the rest is for Electron itself). */
const STOP_WITHIN_MS = 4_500;

/** The ways the app ends. */
export interface Ending {
  /** Something that cannot be worked around: says what, stops everything, ends with the error's exit code. */
  fail(error: unknown): void;
}

/** Whatever ends the app (quit, a signal, an unexpected error), the engine is stopped first, once, within 5 s. */
export function setUpEnding(deps: {
  app: Pick<App, 'exit'> & {
    on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown;
  };
  dialog: Pick<Dialog, 'showErrorBox'>;
  process: {
    readonly stderr: { write(text: string): unknown };
    on(event: string, listener: (error: unknown) => void): unknown;
  };
  engine: Pick<Engine, 'stop'>;
  clock: Clock;
  log: Logger;
}): Ending {
  const { app, dialog, engine, clock, log } = deps;
  let ending = false;

  const end = (code: number): void => {
    if (ending) return;
    ending = true;
    const stopped = engine
      .stop()
      .catch((error: unknown) => log.error({ err: error }, 'the engine did not stop cleanly'));
    void Promise.race([stopped, sleep(clock, STOP_WITHIN_MS)]).then(() => app.exit(code));
  };
  const fail = (error: unknown): void => {
    if (ending) return;
    const known = error instanceof TenhertzError;
    log.error(known ? { code: error.code } : { err: error }, 'the app cannot go on');
    deps.process.stderr.write(`tenhertz: ${messageOf(error)}\n`);
    end(known ? error.exitCode : 1);
    dialog.showErrorBox('Tenhertz cannot go on', messageOf(error));
  };

  app.on('before-quit', event => {
    // The windows go and the process ends only after the engine: `exit` does both.
    event.preventDefault();
    end(0);
  });
  deps.process.on('SIGINT', () => end(0));
  deps.process.on('SIGTERM', () => end(0));
  deps.process.on('uncaughtException', fail);
  deps.process.on('unhandledRejection', fail);
  return { fail };
}
