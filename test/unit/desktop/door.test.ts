import { describe, expect, it, vi } from 'vitest';
import { openDoor, type DoorContents, type DoorEvent } from '../../../src/main/desktop/door.ts';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { CountedFrame, FakeEngine } from '../gateway/fake-engine.ts';

type Handler = (event: DoorEvent, ...args: unknown[]) => Promise<unknown>;

/** A page as the door sees it; `emit` is what Electron tells about it. */
function makePage() {
  const listeners = new Map<string, (details: object) => void>();
  const page = {
    destroyed: false,
    sent: [] as unknown[][],
    isDestroyed: () => page.destroyed,
    send: (...args: unknown[]) => void page.sent.push(args),
    on: (event: string, listener: (details: object) => void) => listeners.set(event, listener),
    emit: (event: string, details: object = {}) => listeners.get(event)?.(details),
  };
  return page;
}
type TestPage = ReturnType<typeof makePage>;

function setUp() {
  const engine = new FakeEngine();
  let handler: Handler = () => Promise.reject(new Error('no handler'));
  const ipcMain = {
    handle(_channel: string, given: unknown) {
      handler = given as Handler;
    },
  };
  const door = openDoor({ ipcMain, engine, log: silentLogger });
  const page = makePage();
  door.admit(page as unknown as DoorContents);
  const frame = (url: string, parent: unknown = null) => ({ url, parent });
  const ask = (
    args: unknown[],
    from: { sender?: TestPage; frame?: object | null } = {},
  ): Promise<unknown> => {
    const { sender = page, frame: senderFrame = frame('app://tenhertz/index.html') } = from;
    return handler({ sender, senderFrame } as unknown as DoorEvent, ...args);
  };
  return { engine, page, ask, frame, door };
}

describe('the door', () => {
  it('passes a command of the monitor to the engine and its answer back', async () => {
    const { engine, ask } = setUp();
    engine.answer = () => ({ name: 'Tenhertz' });
    expect(await ask(['app.info', {}])).toEqual({ ok: true, result: { name: 'Tenhertz' } });
    expect(engine.asked).toEqual([{ command: 'app.info', args: {} }]);
    engine.answer = () => undefined;
    expect(await ask(['feed.follow', {}])).toEqual({ ok: true, result: null });
  });

  it('answers a refusal with its code and hides the inside of an unexpected error', async () => {
    const { engine, ask } = setUp();
    engine.answer = () => Promise.reject(new TenhertzError('BAD_ARGUMENTS', 'seq'));
    expect(await ask(['x', {}])).toEqual({ ok: false, error: { code: 'BAD_ARGUMENTS', message: 'seq' } });
    engine.answer = () => Promise.reject(new Error('a secret inside'));
    const answer = await ask(['x', {}]);
    expect(answer).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('refuses whoever is not the monitor in the top frame of an admitted page', async () => {
    const { engine, ask, frame } = setUp();
    const strangers = [
      { sender: makePage() },
      { frame: null },
      { frame: frame('app://tenhertz/index.html', frame('app://tenhertz/index.html')) },
      { frame: frame('app://tenhertz/other.html') },
      { frame: frame('app://other/index.html') },
      { frame: frame('https://tenhertz/index.html') },
      { frame: frame('about:blank') },
      { frame: frame('') },
    ];
    for (const stranger of strangers) {
      expect(await ask(['app.info', {}], stranger)).toMatchObject({
        ok: false,
        error: { code: 'SENDER_REFUSED' },
      });
    }
    expect(engine.asked).toEqual([]);
    expect(engine.connections.size).toBe(0);
  });

  it('refuses what is no command and arguments', async () => {
    const { engine, ask } = setUp();
    for (const args of [[], ['app.info'], [7, {}], ['app.info', {}, 'more'], [null, null]]) {
      expect(await ask(args)).toMatchObject({ ok: false, error: { code: 'BAD_ARGUMENTS' } });
    }
    expect(engine.asked).toEqual([]);
  });

  it('sends batches to the page that asked, and none to one that is gone', async () => {
    const { engine, page, ask } = setUp();
    await ask(['feed.follow', {}]);
    const frame = new CountedFrame(1);
    engine.broadcast(frame);
    expect(page.sent).toEqual([['tenhertz:event', 'feed.batch', frame.batch]]);
    expect(frame.serialised).toBe(0);
    page.destroyed = true;
    engine.broadcast(frame);
    expect(page.sent).toHaveLength(1);
  });

  it('ends the connection on reload, crash and close, and opens one again when asked again', async () => {
    const { engine, page, ask } = setUp();
    const reload = { isMainFrame: true, isSameDocument: false };
    for (const [event, details] of [
      ['did-start-navigation', reload],
      ['render-process-gone', {}],
      ['destroyed', {}],
    ] as const) {
      await ask(['feed.follow', {}]);
      expect(engine.connections.size).toBe(1);
      page.emit(event, details);
      expect(engine.connections.size).toBe(0);
    }
    expect(await ask(['feed.follow', {}])).toMatchObject({ error: { code: 'SENDER_REFUSED' } });
  });

  it('keeps the connection while the page only moves within itself or a frame of it navigates', async () => {
    const { engine, page, ask } = setUp();
    await ask(['feed.follow', {}]);
    page.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
    page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    expect(engine.connections.size).toBe(1);
  });

  it('connects one page once, however much it asks', async () => {
    const { engine, ask } = setUp();
    const connect = vi.spyOn(engine, 'connect');
    await Promise.all([ask(['a', {}]), ask(['b', {}]), ask(['c', {}])]);
    expect(connect).toHaveBeenCalledOnce();
  });
});
