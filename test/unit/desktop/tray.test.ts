import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { createTray, type TrayParts } from '../../../src/main/desktop/tray.ts';
import { drawDisc } from '../../../src/main/desktop/tray-icon.ts';
import { trayState } from '../../../src/main/desktop/tray-state.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeEngine, sourceStatus, statusView } from '../gateway/fake-engine.ts';

const good = statusView();

describe('the state of the tray', () => {
  it('is fine while prices come', () => {
    expect(trayState(good)).toEqual({ level: 'ok', line: 'prices from kraken' });
  });

  it('always says when prices are simulated or recorded', () => {
    expect(trayState({ ...good, mode: 'simulated' }).line).toBe('SIMULATED: prices from kraken');
    expect(trayState({ ...good, mode: 'recorded', redis: { ...good.redis, state: 'down' } }).line).toMatch(
      /^RECORDED: /,
    );
  });

  const cases: [string, Parameters<typeof statusView>[0], 'waiting' | 'down', string][] = [
    ['Redis is down', { redis: { ...good.redis, state: 'down' } }, 'down', 'Redis is down'],
    ['Redis says why', { redis: { ...good.redis, state: 'down', message: 'refused' } }, 'down', 'refused'],
    ['Redis connects', { redis: { ...good.redis, state: 'connecting' } }, 'waiting', 'connecting to Redis'],
    [
      'no source vouches',
      { sources: [{ ...sourceStatus('kraken'), vouching: 0 }] },
      'down',
      'no source answers',
    ],
    [
      'the updater stopped',
      { updater: { ...good.updater, state: 'stopped' } },
      'down',
      'the updater is stopped',
    ],
    [
      'the updater says why',
      { updater: { ...good.updater, state: 'stopped', message: 'paused' } },
      'down',
      'paused',
    ],
    [
      'the subscription is behind',
      { subscription: { ...good.subscription, state: 'waiting' } },
      'waiting',
      'catching up',
    ],
    [
      'one source of two is down',
      { sources: [sourceStatus('kraken'), { ...sourceStatus('coinbase'), state: 'down', vouching: 0 }] },
      'waiting',
      'prices from kraken; not coinbase',
    ],
  ];
  it.each(cases)('is the worst of all: %s', (_what, change, level, line) => {
    expect(trayState(statusView(change))).toEqual({ level, line });
  });
});

describe('the icon', () => {
  it('is a disc with clear corners; when something is broken it is a ring', () => {
    const alphaAt = (pixels: Buffer, x: number, y: number): number => pixels[(y * 32 + x) * 4 + 3] ?? -1;
    for (const level of ['ok', 'waiting'] as const) {
      const pixels = drawDisc(level);
      expect(pixels).toHaveLength(32 * 32 * 4);
      expect([alphaAt(pixels, 0, 0), alphaAt(pixels, 16, 16)]).toEqual([0, 255]);
    }
    expect([alphaAt(drawDisc('down'), 16, 16), alphaAt(drawDisc('down'), 16, 7)]).toEqual([0, 255]);
  });
});

describe('the tray', () => {
  const setUp = (options: { open?: boolean; fails?: boolean } = {}) => {
    const engine = new FakeEngine();
    const clock = new ManualClock();
    const tray = { setImage: vi.fn(), setToolTip: vi.fn(), setContextMenu: vi.fn(), on: vi.fn() };
    const buildFromTemplate = vi.fn((template: MenuItemConstructorOptions[]) => template);
    const onOpen = vi.fn();
    const onQuit = vi.fn();
    const parts = {
      Tray: function Tray() {
        if (options.fails === true) throw new Error('no tray');
        return tray;
      },
      Menu: { buildFromTemplate },
      nativeImage: { createFromBitmap: (bitmap: Buffer) => bitmap },
    } as unknown as TrayParts;
    const made = createTray({
      ...parts,
      engine,
      clock,
      log: silentLogger,
      onOpen: options.open === false ? undefined : onOpen,
      onQuit,
    });
    const menu = (): MenuItemConstructorOptions[] => buildFromTemplate.mock.calls.at(-1)?.[0] ?? [];
    return { engine, clock, tray, made, menu, onOpen, onQuit, buildFromTemplate };
  };

  it('shows the state, open and quit', () => {
    const { made, menu, tray, onOpen, onQuit } = setUp();
    expect(made.present).toBe(true);
    expect(menu().map(item => item.label ?? item.type)).toEqual([
      'prices from kraken',
      'separator',
      'Open Tenhertz',
      'Quit',
    ]);
    expect(tray.setToolTip).toHaveBeenCalledWith('Tenhertz: prices from kraken');
    for (const item of menu()) (item.click as (() => void) | undefined)?.();
    expect(onOpen).toHaveBeenCalledOnce();
    expect(onQuit).toHaveBeenCalledOnce();
    expect(tray.on).toHaveBeenCalledWith('click', onOpen);
  });

  it('has nothing to open in updater-only mode', () => {
    const { menu, tray } = setUp({ open: false });
    expect(menu().map(item => item.label ?? item.type)).toEqual(['prices from kraken', 'separator', 'Quit']);
    expect(tray.on).not.toHaveBeenCalled();
  });

  it('follows the state every second and touches icon and menu only when they change', async () => {
    const { engine, clock, tray, menu, buildFromTemplate } = setUp();
    await clock.advance(3_000);
    expect(tray.setImage).not.toHaveBeenCalled();
    expect(buildFromTemplate).toHaveBeenCalledOnce();
    engine.view = statusView({ redis: { ...good.redis, state: 'down', message: 'refused' } });
    await clock.advance(1_000);
    expect(tray.setImage).toHaveBeenCalledWith(drawDisc('down'));
    expect(menu()[0]?.label).toBe('refused');
    engine.view = statusView({ redis: { ...good.redis, state: 'down', message: 'again' } });
    await clock.advance(1_000);
    expect(tray.setImage).toHaveBeenCalledOnce();
    expect(menu()[0]?.label).toBe('again');
  });

  it('that cannot be made is done without', () => {
    const { made, clock } = setUp({ fails: true });
    expect(made.present).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
