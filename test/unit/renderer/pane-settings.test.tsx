// @vitest-environment happy-dom
import { act, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { describe, expect, it } from 'vitest';
import { ServicesContext, type Services } from '../../../src/renderer/app/services.ts';
import { fitSettings, usePaneSettings } from '../../../src/renderer/desk/pane-settings.ts';
import { PANE_KINDS, paneKind } from '../../../src/renderer/desk/pane-registry.ts';
import { createDeskState, paneMemory } from '../../../src/renderer/state/desk-state.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const DEFAULTS = { interval: '1s', lines: [] as number[], volume: true, note: null as string | null };

describe('the settings of a pane', () => {
  it('are the kept values where their type is right, else the defaults', () => {
    expect(fitSettings({ interval: '5s', lines: 'no', volume: null, other: 1, note: 'x' }, DEFAULTS)).toEqual(
      {
        interval: '5s',
        lines: [],
        volume: true,
        note: 'x',
      },
    );
    expect(fitSettings({ interval: 'soon' }, DEFAULTS, one => one.interval !== 'soon')).toBe(DEFAULTS);
  });

  it('are read and changed by the component, and stay when it is gone', async () => {
    const desk = createDeskState();
    let change: (part: Partial<typeof DEFAULTS>) => void = () => {};
    function Pane(): ReactElement {
      const [settings, set] = usePaneSettings('chart-1', DEFAULTS);
      change = set;
      return <p>{settings.interval}</p>;
    }
    const host = document.createElement('div');
    const show = (): ReturnType<typeof createRoot> => {
      const root = createRoot(host);
      act(() =>
        root.render(
          <ServicesContext value={{ desk } as unknown as Services}>
            <Pane />
          </ServicesContext>,
        ),
      );
      return root;
    };
    const root = show();
    expect(host.textContent).toBe('1s');
    act(() => change({ interval: '5s' }));
    act(() => change({ volume: false }));
    expect(host.textContent).toBe('5s');
    act(() => root.unmount());
    show();
    expect(host.textContent).toBe('5s');
    expect(paneMemory(desk.getState(), 'chart-1').settings).toEqual({ interval: '5s', volume: false });
    await Promise.resolve();
  });
});

describe('the kinds of panes', () => {
  it('have names of their own, and regions as the screen promises them', () => {
    const names = PANE_KINDS.map(kind => kind.kind);
    expect(new Set(names).size).toBe(names.length);
    expect(paneKind('tape')?.region).toBe('Trade tape');
    expect(paneKind('no such kind')).toBeUndefined();
    for (const region of ['Watchlist', 'Chart', 'Trade tape', 'Positions', 'System health', 'Events'])
      expect(PANE_KINDS.some(kind => kind.region === region)).toBe(true);
  });
});
