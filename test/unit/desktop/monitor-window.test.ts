import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createMonitorWindow } from '../../../src/main/desktop/monitor-window.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** A window as far as the app touches it. */
class FakeWindow {
  static made: FakeWindow[] = [];
  readonly listeners = new Map<string, (...args: never[]) => void>();
  readonly contentListeners = new Map<string, (...args: never[]) => void>();
  readonly calls: string[] = [];
  minimized = false;
  loading: Promise<void> = Promise.resolve();
  readonly options: { show?: boolean; webPreferences?: Record<string, unknown> };
  readonly webContents = {
    on: (event: string, listener: (...args: never[]) => void) => this.contentListeners.set(event, listener),
    setWindowOpenHandler: () => undefined,
    reload: () => this.calls.push('reload'),
  };

  constructor(options: FakeWindow['options']) {
    this.options = options;
    FakeWindow.made.push(this);
  }

  on(event: string, listener: (...args: never[]) => void): void {
    this.listeners.set(event, listener);
  }
  once(event: string, listener: (...args: never[]) => void): void {
    this.listeners.set(event, listener);
  }
  loadURL(url: string): Promise<void> {
    this.calls.push(`load ${url}`);
    return this.loading;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.calls.push('restore');
  }
  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }
  emit(event: string, ...args: unknown[]): void {
    (this.listeners.get(event) as ((...args: unknown[]) => void) | undefined)?.(...args);
  }
  emitContents(event: string, ...args: unknown[]): void {
    (this.contentListeners.get(event) as ((...args: unknown[]) => void) | undefined)?.(...args);
  }
}

describe('the monitor window', () => {
  const setUp = () => {
    FakeWindow.made = [];
    const clock = new ManualClock();
    const error = vi.fn();
    const admit = vi.fn();
    const monitor = createMonitorWindow({
      BrowserWindow: FakeWindow as never,
      door: { admit },
      log: { ...silentLogger, error } as never,
      clock,
      outDir: '/out',
    });
    return { monitor, clock, error, admit };
  };

  it('is made by the first show, hardened, shown when it is painted, and let in by the door', () => {
    const { monitor, admit } = setUp();
    expect(FakeWindow.made).toHaveLength(0);
    monitor.show();
    const [window] = FakeWindow.made;
    expect(window?.options).toMatchObject({
      show: false,
      webPreferences: {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        preload: join('/out', 'preload', 'index.cjs'),
      },
    });
    expect(window?.calls).toEqual(['load app://tenhertz/index.html']);
    window?.emit('ready-to-show');
    expect(window?.calls).toContain('show');
    expect(admit).toHaveBeenCalledWith(window?.webContents);
  });

  it('is brought to the front by the next show, and made again after it was closed', () => {
    const { monitor } = setUp();
    monitor.show();
    const [window] = FakeWindow.made;
    monitor.show();
    expect(window?.calls.slice(1)).toEqual(['show', 'focus']);
    if (window) window.minimized = true;
    monitor.show();
    expect(window?.calls).toContain('restore');
    window?.emit('closed');
    monitor.show();
    expect(FakeWindow.made).toHaveLength(2);
  });

  it('is loaded again after a crash, but not again and again', async () => {
    const { monitor, clock, error } = setUp();
    monitor.show();
    const [window] = FakeWindow.made;
    const crash = (): void =>
      window?.emitContents('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    await clock.advance(10_000);
    crash();
    crash();
    expect(window?.calls.filter(call => call === 'reload')).toHaveLength(1);
    expect(error).toHaveBeenCalledTimes(2);
  });

  it('says when its preload or its page fails', async () => {
    const { monitor, error } = setUp();
    monitor.show();
    const [window] = FakeWindow.made;
    window?.emitContents('preload-error', {}, '/out/preload/index.cjs', new Error('x'));
    window?.emit('closed');
    const failing = Promise.reject(new Error('no'));
    failing.catch(() => undefined);
    FakeWindow.prototype.loadURL = () => failing;
    monitor.show();
    await Promise.resolve();
    await Promise.resolve();
    expect(error.mock.calls.map(([, message]) => message as string)).toEqual([
      'the preload failed',
      'the monitor did not load',
    ]);
  });
});
