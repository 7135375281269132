import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { EVENT_CHANNEL, INVOKE_CHANNEL, type IpcAnswer } from '../../shared/ipc.ts';
import type { Engine, EngineConnection } from '../engine/engine.ts';
import { TenhertzError } from '../engine/errors.ts';
import type { Logger } from '../engine/logger.ts';
import { isMonitorUrl } from './app-scheme.ts';

/** The one way from a page to the engine. */
export interface Door {
  /** Lets this page in. Its connection ends when it is reloaded, crashes or goes away; the next command makes a new one. */
  admit(contents: DoorContents): void;
}

/** The part of `WebContents` the door uses. */
export type DoorContents = Pick<WebContents, 'send' | 'isDestroyed'> & {
  on(event: string, listener: (...args: never[]) => void): unknown;
};

/** The part of `IpcMainInvokeEvent` the door looks at. */
export type DoorEvent = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

/**
 * Listens on the one channel. Who asks is checked (an admitted page, its top frame, at the monitor's address), then the
 * shape; the engine checks command and arguments. A refusal is answered, not thrown, so that its code survives.
 */
export function openDoor(deps: { ipcMain: Pick<IpcMain, 'handle'>; engine: Engine; log: Logger }): Door {
  const { engine, log } = deps;
  const lines = new Map<unknown, () => EngineConnection>();

  deps.ipcMain.handle(INVOKE_CHANNEL, async (event: DoorEvent, ...sent: unknown[]): Promise<IpcAnswer> => {
    try {
      const line = lines.get(event.sender);
      if (line === undefined || !isTopFrame(event)) {
        log.warn({ url: event.senderFrame?.url }, 'a command from a stranger was refused');
        throw new TenhertzError('SENDER_REFUSED', 'Only the monitor itself may send commands.');
      }
      const [command, args] = sent;
      if (sent.length !== 2 || typeof command !== 'string') {
        throw new TenhertzError('BAD_ARGUMENTS', 'A command is a name and its arguments.');
      }
      return { ok: true, result: (await line().invoke(command, args)) ?? null };
    } catch (error) {
      return { ok: false, error: describe(error, log) };
    }
  });

  return {
    admit(contents) {
      let connection: EngineConnection | undefined;
      const drop = (): void => {
        connection?.close();
        connection = undefined;
      };
      lines.set(contents, () => {
        connection ??= engine.connect(({ batch }) => {
          if (!contents.isDestroyed()) contents.send(EVENT_CHANNEL, 'feed.batch', batch);
        });
        return connection;
      });
      contents.on('did-start-navigation', (details: { isMainFrame: boolean; isSameDocument: boolean }) => {
        if (details.isMainFrame && !details.isSameDocument) drop();
      });
      contents.on('render-process-gone', drop);
      contents.on('destroyed', () => {
        drop();
        lines.delete(contents);
      });
    },
  };
}

/** Whether an admitted page's own document asks, not a frame inside it. `null`: the frame is gone already. */
function isTopFrame({ senderFrame }: DoorEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isMonitorUrl(senderFrame.url);
}

function describe(error: unknown, log: Logger): { code: string; message: string } {
  if (error instanceof TenhertzError) return { code: error.code, message: error.message };
  log.error({ err: error }, 'command failed');
  return { code: 'INTERNAL', message: 'Something unexpected went wrong; the log says what.' };
}
