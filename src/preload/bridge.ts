import type { TenhertzBridge } from '../shared/contract.ts';
import { EVENT_CHANNEL, INVOKE_CHANNEL, type IpcAnswer } from '../shared/ipc.ts';
import { isCommand, isEvent } from './commands.ts';

/** The part of `ipcRenderer` the bridge uses. */
export interface BridgeIpc {
  invoke(channel: string, command: string, args: unknown): Promise<unknown>;
  on(channel: string, listener: (event: unknown, name: unknown, payload: unknown) => void): unknown;
}

/** What crosses into the page's world before {@link installBridge} makes the bridge of it. Nothing of it throws or rejects. */
export interface RawBridge {
  invoke(command: unknown, args: unknown): Promise<IpcAnswer>;
  /** Whether the event exists; if so `listener` is called until {@link RawBridge.off}. */
  on(event: unknown, id: number, listener: (payload: unknown) => void): boolean;
  off(id: number): void;
}

/** Only what the contract names gets through, and a listener gets the payload alone, never Electron's event object. */
export function createRawBridge(ipc: BridgeIpc): RawBridge {
  const listeners = new Map<number, { event: string; listener: (payload: unknown) => void }>();
  ipc.on(EVENT_CHANNEL, (_event, name, payload) => {
    for (const entry of [...listeners.values()]) if (entry.event === name) entry.listener(payload);
  });
  return {
    async invoke(command, args) {
      if (!isCommand(command)) return refused('UNKNOWN_COMMAND', 'There is no such command.');
      try {
        const answer = await ipc.invoke(INVOKE_CHANNEL, command, args);
        return isAnswer(answer) ? answer : refused('INTERNAL', 'The main process gave no proper answer.');
      } catch (error) {
        return refused('INTERNAL', error instanceof Error ? error.message : String(error));
      }
    },
    on(event, id, listener) {
      if (!isEvent(event)) return false;
      listeners.set(id, { event, listener });
      return true;
    },
    off(id) {
      listeners.delete(id);
    },
  };
}

/**
 * Runs in the page's own world, where it is sent as text: it may use nothing but its argument. It makes `window.tenhertz`
 * of the raw bridge, because an error that crosses between the worlds keeps its message only, and the page is promised
 * errors with a `code`.
 */
export function installBridge(raw: RawBridge): void {
  let lastId = 0;
  const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });
  const bridge = {
    async invoke(command: unknown, args: unknown): Promise<unknown> {
      const answer = await raw.invoke(command, args);
      if (answer.ok) return answer.result;
      throw withCode(answer.error.code, answer.error.message);
    },
    on(event: unknown, listener: (payload: unknown) => void): () => void {
      lastId += 1;
      const id = lastId;
      if (!raw.on(event, id, listener)) throw withCode('UNKNOWN_EVENT', 'There is no such event.');
      return () => raw.off(id);
    },
  } as TenhertzBridge;
  Object.defineProperty(globalThis, 'tenhertz', { value: Object.freeze(bridge), enumerable: true });
}

function refused(code: string, message: string): IpcAnswer {
  return { ok: false, error: { code, message } };
}

function isAnswer(value: unknown): value is IpcAnswer {
  return typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean';
}
