import { pack, unpack } from './carry.ts';
import { lacking } from './lacking.ts';

type Handler = (event: object, ...args: unknown[]) => unknown;

/** `electron.ipcMain`: handlers of `ipcRenderer.invoke`. */
export class DoubleIpc {
  private readonly handlers = new Map<string, Handler>();

  /** Runs the handler of `channel`; the answer is packed, an error is reduced to its text, as Electron does both. */
  async ask(event: object, channel: string, packed: string): Promise<{ ok: boolean; text: string }> {
    const handler = this.handlers.get(channel);
    try {
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return { ok: true, text: pack(await handler(event, ...(unpack(packed) as unknown[]))) };
    } catch (error) {
      return { ok: false, text: String(error) };
    }
  }

  facade() {
    return lacking('electron.ipcMain', {
      handle: (channel: string, handler: Handler): void => {
        if (this.handlers.has(channel)) {
          throw new Error(`Attempted to register a second handler for '${channel}'`);
        }
        this.handlers.set(channel, handler);
      },
    });
  }
}
