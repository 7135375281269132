import { describe, expect, it } from 'vitest';
import { createDeskState, paneMemory, rememberPane } from '../../../src/renderer/state/desk-state.ts';
import { groupToken, joinGroup, linkedToken, selectToken } from '../../../src/renderer/state/link-groups.ts';

const TOKENS = ['SOL', 'USDC', 'BONK'];

describe('link groups', () => {
  it('show one token in every pane of a group, and leave other groups alone', () => {
    const desk = createDeskState();
    joinGroup(desk, 'chart-2', 'B', TOKENS);
    selectToken(desk, 'watchlist', 'BONK');
    const shown = ['watchlist', 'chart-1', 'chart-2'].map(pane => linkedToken(desk.getState(), pane, TOKENS));
    expect(shown).toEqual(['BONK', 'BONK', 'USDC']);
  });

  it('begin with different tokens, and end at the first when the watchlist is short', () => {
    const state = createDeskState().getState();
    expect((['A', 'B', 'C', 'D'] as const).map(group => groupToken(state, group, TOKENS))).toEqual([
      'SOL',
      'USDC',
      'BONK',
      'SOL',
    ]);
    expect(groupToken(state, 'A', [])).toBeNull();
  });

  it('fall back when the chosen token leaves the watchlist, and come back to it', () => {
    const desk = createDeskState();
    selectToken(desk, 'chart-1', 'BONK');
    expect(linkedToken(desk.getState(), 'chart-1', ['SOL'])).toBe('SOL');
    expect(linkedToken(desk.getState(), 'chart-1', TOKENS)).toBe('BONK');
  });

  it('let go a pane, which keeps the token it showed and then follows only itself', () => {
    const desk = createDeskState();
    selectToken(desk, 'watchlist', 'BONK');
    joinGroup(desk, 'chart-1', null, TOKENS);
    selectToken(desk, 'watchlist', 'SOL');
    expect(linkedToken(desk.getState(), 'chart-1', TOKENS)).toBe('BONK');
    selectToken(desk, 'chart-1', 'USDC');
    expect(linkedToken(desk.getState(), 'chart-1', TOKENS)).toBe('USDC');
    expect(linkedToken(desk.getState(), 'watchlist', TOKENS)).toBe('SOL');
    expect(linkedToken(desk.getState(), 'chart-1', [])).toBeNull();
  });
});

describe('what a pane remembers', () => {
  it('is changed for that pane alone', () => {
    const desk = createDeskState();
    rememberPane(desk, 'chart-2', { settings: { interval: '5s' } });
    expect(paneMemory(desk.getState(), 'chart-2')).toEqual({
      group: 'A',
      token: null,
      settings: { interval: '5s' },
    });
    expect(paneMemory(desk.getState(), 'chart-1').settings).toEqual({});
  });
});
