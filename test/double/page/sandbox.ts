import { pack, unpack } from '../carry.ts';
import { lacking } from '../lacking.ts';
import { createContextBridge } from './context-bridge.ts';

type Anything = (...args: unknown[]) => unknown;

/** What a sandboxed preload is run with. */
export interface Sandbox {
  /** The preload's `require`. */
  require(name: string): unknown;
  /** Delivers what the main process sends. */
  receive(channel: string, packed: string): void;
}

/** A question to the main process; answers with `{ok, packed}` or `{ok: false, message}`. */
export type AskMain = (channel: string, packed: string) => Promise<{ ok: boolean; text: string }>;

/** Modules Electron's sandbox has besides `electron`; the app uses none of them. */
const POLYFILLED = ['events', 'timers', 'url', 'node:events', 'node:timers', 'node:url'];

/** Makes the world of a sandboxed preload in a page whose global object is `main`. */
export function createSandbox(main: object, ask: AskMain, texts: ReadonlyMap<string, Anything>): Sandbox {
  const listeners = new Map<string, Set<Anything>>();
  const ipcRenderer = {
    async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const { ok, text } = await ask(channel, pack(args));
      if (ok) return unpack(text);
      throw new Error(`Error invoking remote method '${channel}': ${text}`);
    },
    on(channel: string, listener: Anything): unknown {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      return ipcRenderer;
    },
  };
  const electron = lacking('electron (in a sandboxed preload)', {
    contextBridge: lacking('electron.contextBridge', createContextBridge(main, texts)),
    ipcRenderer: lacking('electron.ipcRenderer', ipcRenderer),
  });
  return {
    require(name) {
      if (name === 'electron') return electron;
      if (POLYFILLED.includes(name)) throw new Error(`require("${name}") in a preload is not in the double`);
      throw new Error(`module not found: ${name}`);
    },
    receive(channel, packed) {
      const event = lacking('electron.IpcRendererEvent', { sender: ipcRenderer });
      for (const listener of listeners.get(channel) ?? []) listener(event, ...(unpack(packed) as unknown[]));
    },
  };
}
