import { describe, expect, it, vi } from 'vitest';
import { toAppAddress, toPageAddress } from '../../double/addresses.ts';
import { pack, unpack } from '../../double/carry.ts';
import { lacking, NotInTheDouble } from '../../double/lacking.ts';
import { copyAcross, createContextBridge } from '../../double/page/context-bridge.ts';
import { createSandbox } from '../../double/page/sandbox.ts';

interface PreloadElectron {
  contextBridge: ReturnType<typeof createContextBridge>;
  ipcRenderer: {
    invoke(channel: string, ...args: unknown[]): Promise<unknown>;
    on(channel: string, listener: (...args: unknown[]) => void): unknown;
    send?: unknown;
  };
  webFrame?: unknown;
}

function sandbox(answer = (_channel: string, packed: string) => Promise.resolve({ ok: true, text: packed })) {
  const page: Record<string, unknown> = {};
  const ask = vi.fn(answer);
  const made = createSandbox(page, ask, new Map());
  return { ...made, page, ask, electron: made.require('electron') as PreloadElectron };
}

describe('a value on its way between the processes', () => {
  it('arrives as structured clone would bring it', () => {
    class Price {
      readonly value = '1.5';
      readonly missing = undefined;
      double(): string {
        return this.value;
      }
    }
    const sent = { a: [1, null, 'x', true], price: new Price(), nan: NaN, far: -Infinity, $carried: 'mine' };
    const got = unpack(pack(sent)) as typeof sent;
    expect(got).toEqual({ ...sent, price: { value: '1.5', missing: undefined } });
    expect('missing' in got.price).toBe(true);
    expect(got.price).not.toBeInstanceOf(Price);
  });

  it.each([
    ['a function', () => undefined],
    ['an object with a function', { run: () => undefined }],
    ['a symbol', Symbol('x')],
    ['a promise', Promise.resolve()],
  ])('is refused as Electron refuses it: %s', (_what, value) => {
    expect(() => pack(value)).toThrow('An object could not be cloned.');
  });

  it.each([
    ['Map', new Map()],
    ['Date', { at: new Date() }],
    ['Uint8Array', new Uint8Array(1)],
    ['BigInt', 1n],
  ])('is refused by name where the double cannot carry it: %s', (name, value) => {
    expect(() => pack(value)).toThrow(name);
  });
});

describe('a value on its way between the worlds', () => {
  it('loses prototypes and symbols, and keeps plain data', () => {
    class Api {
      own = 1;
      method(): number {
        return this.own;
      }
    }
    expect(copyAcross(new Api())).toEqual({ own: 1 });
    expect(copyAcross({ [Symbol('s')]: 1, s: Symbol('t'), list: [1, { a: 2 }] })).toEqual({
      s: undefined,
      list: [1, { a: 2 }],
    });
    const date = new Date(5);
    expect(copyAcross(date)).toEqual(date);
  });

  it('keeps circles, and is refused when it is too deep', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const copy = copyAcross(circle) as typeof circle;
    expect(copy['self']).toBe(copy);
    let deep: unknown = {};
    for (let level = 0; level < 1_100; level += 1) deep = { deep };
    expect(() => copyAcross(deep)).toThrow(/recursion depth/);
  });

  it('is a function that copies what goes in and what comes out', async () => {
    const given: unknown[] = [];
    const api = copyAcross({
      take: (value: object) => {
        given.push(value);
        return value;
      },
      fail: () => {
        throw Object.assign(new Error('no'), { code: 'LOST' });
      },
      reject: () => Promise.reject(Object.assign(new Error('no'), { code: 'LOST' })),
      resolve: () => Promise.resolve({ fn: () => 7 }),
    }) as {
      take(value: object): object;
      fail(): void;
      reject(): Promise<void>;
      resolve(): Promise<{ fn(): number }>;
    };
    const value = { a: 1 };
    expect(api.take(value)).toEqual(value);
    expect(given[0]).not.toBe(value);
    expect(() => api.fail()).toThrow(expect.not.objectContaining({ code: 'LOST' }) as Error);
    await expect(api.reject()).rejects.toEqual(expect.not.objectContaining({ code: 'LOST' }));
    expect((await api.resolve()).fn()).toBe(7);
  });

  it('is frozen when exposed, and never put over something that is there', () => {
    const main: Record<string, unknown> = { taken: 1 };
    const bridge = createContextBridge(main, new Map());
    bridge.exposeInMainWorld('api', { inner: { a: 1 } });
    expect(Object.isFrozen((main['api'] as { inner: object }).inner)).toBe(true);
    expect(() => bridge.exposeInMainWorld('taken', {})).toThrow('on top of an existing property');
    expect(() => bridge.exposeInMainWorld('api', {})).toThrow('on top of an existing property');
  });
});

describe('a function for the page', () => {
  it('runs from its text, without what was around it', () => {
    const around = 'seen';
    const func = (given: string): string => (typeof around === 'string' ? given : 'blind');
    const alone = (given: unknown): unknown => `alone: ${String(given)}`;
    const bridge = createContextBridge({}, new Map([[String(func), alone]]));
    expect(bridge.executeInMainWorld({ func, args: ['x'] })).toBe('alone: x');
  });

  it('must be a function with a list of arguments, made where the double could see it', () => {
    const bridge = createContextBridge({}, new Map());
    expect(() => bridge.executeInMainWorld({ func: 'x' })).toThrow('func must be a function');
    expect(() => bridge.executeInMainWorld({ func: () => 1, args: 'x' })).toThrow('args must be an array');
    expect(() => bridge.executeInMainWorld({ func: () => 1 })).toThrow('not in the double');
  });
});

describe('the sandbox of a preload', () => {
  it.each(['fs', 'node:fs', 'path', './other.js', 'electron/main', 'ws'])('has no module %s', name => {
    expect(() => sandbox().require(name)).toThrow(`module not found: ${name}`);
  });

  it('says which of the modules Electron has there the double lacks', () => {
    expect(() => sandbox().require('events')).toThrow('not in the double');
  });

  it('throws by name for what the double lacks of electron', () => {
    const { electron } = sandbox();
    expect(() => electron.webFrame).toThrow('electron (in a sandboxed preload).webFrame');
    expect(() => electron.ipcRenderer.send).toThrow('electron.ipcRenderer.send is not in the double');
  });

  it('carries arguments and answers, and refuses what cannot be cloned', async () => {
    const { electron, ask } = sandbox();
    expect(await electron.ipcRenderer.invoke('c', 'x', { a: undefined })).toEqual(['x', { a: undefined }]);
    await expect(electron.ipcRenderer.invoke('c', () => 1)).rejects.toThrow('An object could not be cloned.');
    expect(ask).toHaveBeenCalledOnce();
  });

  it('reduces an error of the main process to its text', async () => {
    const { electron } = sandbox(() => Promise.resolve({ ok: false, text: 'Error: no' }));
    await expect(electron.ipcRenderer.invoke('c')).rejects.toThrow(
      "Error invoking remote method 'c': Error: no",
    );
  });

  it('delivers what is sent to those who listen', () => {
    const made = sandbox();
    const { electron } = made;
    const heard: unknown[] = [];
    electron.ipcRenderer.on('c', (_event, ...args) => heard.push(args));
    electron.ipcRenderer.on('c', (_event, ...args) => heard.push(args));
    made.receive('c', pack([1, 'x']));
    made.receive('other', pack([2]));
    expect(heard).toEqual([
      [1, 'x'],
      [1, 'x'],
    ]);
  });
});

describe('an address of the app', () => {
  it('becomes one Chromium can show, and comes back as it was', () => {
    const page = toPageAddress('app://tenhertz/assets/a.js?x=1#y');
    expect(page).toBe('https://tenhertz.app.invalid/assets/a.js?x=1#y');
    expect(toAppAddress(page)).toBe('app://tenhertz/assets/a.js?x=1#y');
  });

  it.each([
    'https://example.org/',
    'http://tenhertz.app.invalid/',
    'https://a.b.c.invalid/',
    'about:blank',
    'x',
    '',
  ])('is not %s', address => {
    expect(toAppAddress(address)).toBeUndefined();
  });
});

describe('an object that lacks something', () => {
  it('throws by name on reading and writing, and leaves the language alone', () => {
    class Thing {
      known: string | undefined = undefined;
      private readonly inside = 7;
      read(): number {
        return this.inside;
      }
    }
    const thing = lacking('electron.thing', new Thing()) as Thing & { other?: string; then?: unknown };
    expect(() => thing.other).toThrow(NotInTheDouble);
    expect(() => (thing.other = 'x')).toThrow('electron.thing.other');
    thing.known = 'x';
    expect(thing.known).toBe('x');
    const taken = [thing.read.bind(undefined)];
    expect(taken[0]?.()).toBe(7);
    // What `await` asks of any object.
    expect(thing.then).toBeUndefined();
  });
});
