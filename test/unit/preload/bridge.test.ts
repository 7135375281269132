import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { createRawBridge, installBridge, type BridgeIpc } from '../../../src/preload/bridge.ts';
import type { TenhertzBridge } from '../../../src/shared/contract.ts';
import { copyAcross } from '../../double/page/context-bridge.ts';

type Listener = (event: unknown, name: unknown, payload: unknown) => void;

/** The page's bridge over an `ipcRenderer` whose answers the test chooses; the function is run from its text alone. */
function pageBridge(answer: (...args: unknown[]) => unknown = () => ({ ok: true, result: null })) {
  const listeners: Listener[] = [];
  const invoke = vi.fn((...args: unknown[]) => Promise.resolve().then(() => answer(...args)));
  const ipc: BridgeIpc = { invoke, on: (_channel, listener) => listeners.push(listener) };
  const page = {} as { tenhertz: TenhertzBridge };
  const install = runInNewContext(`(${installBridge.toString()})`, page) as typeof installBridge;
  install(copyAcross(createRawBridge(ipc)) as Parameters<typeof installBridge>[0]);
  const send = (name: unknown, payload: unknown): void => {
    for (const listener of listeners) listener({ sender: 'secret' }, name, payload);
  };
  return { page, bridge: page.tenhertz, invoke, send };
}

describe('the bridge in the page', () => {
  it('carries a command and its answer', async () => {
    const { bridge, invoke } = pageBridge(() => ({ ok: true, result: { name: 'Tenhertz' } }));
    expect(await bridge.invoke('app.info', {})).toEqual({ name: 'Tenhertz' });
    expect(invoke).toHaveBeenCalledWith('tenhertz:invoke', 'app.info', {});
  });

  it('rejects a refusal with an error that has its code, though errors lose theirs between the worlds', async () => {
    const { bridge } = pageBridge(() => ({
      ok: false,
      error: { code: 'BAD_ARGUMENTS', message: 'seq is missing' },
    }));
    const refused = await bridge.invoke('feed.confirm', { seq: 1 }).catch((error: unknown) => error);
    expect(Object.prototype.toString.call(refused)).toBe('[object Error]');
    expect(refused).toMatchObject({ code: 'BAD_ARGUMENTS', message: 'seq is missing' });
  });

  it('lets no command through that the contract does not name', async () => {
    const { bridge, invoke } = pageBridge();
    const anything = bridge as unknown as { invoke(command: unknown, args: unknown): Promise<unknown> };
    for (const command of ['app.quit', 'toString', '__proto__', 7, undefined]) {
      await expect(anything.invoke(command, {})).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' });
    }
    expect(invoke).not.toHaveBeenCalled();
  });

  it('answers with a code when the way to the main process fails', async () => {
    const failing = [
      () => Promise.reject(new Error('gone')),
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- what is thrown need not be an Error
        throw 'gone';
      },
      () => 'nonsense',
      () => null,
      () => ({ ok: 'yes' }),
    ];
    for (const answer of failing) {
      await expect(pageBridge(answer).bridge.invoke('app.info', {})).rejects.toMatchObject({
        code: 'INTERNAL',
      });
    }
  });

  it('gives a listener the payload alone, until it is undone', () => {
    const { bridge, send } = pageBridge();
    const heard: unknown[][] = [];
    const undo = bridge.on('feed.batch', (...args) => heard.push(args));
    send('feed.batch', { seq: 1 });
    send('other', { seq: 2 });
    undo();
    undo();
    send('feed.batch', { seq: 3 });
    expect(heard).toEqual([[{ seq: 1 }]]);
  });

  it('serves several listeners and refuses events that do not exist', () => {
    const { bridge, send } = pageBridge();
    const first = vi.fn();
    const second = vi.fn();
    const undoFirst = bridge.on('feed.batch', first);
    bridge.on('feed.batch', second);
    undoFirst();
    send('feed.batch', 1);
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledOnce();
    const anything = bridge as unknown as { on(event: unknown, listener: () => void): void };
    expect(() => anything.on('constructor', () => undefined)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_EVENT' }) as Error,
    );
  });

  it('cannot be changed by the page', () => {
    const { page, bridge } = pageBridge();
    expect(Object.isFrozen(bridge)).toBe(true);
    expect(Object.keys(bridge)).toEqual(['invoke', 'on']);
    expect(Object.getOwnPropertyDescriptor(page, 'tenhertz')).toMatchObject({
      writable: false,
      configurable: false,
    });
  });
});
