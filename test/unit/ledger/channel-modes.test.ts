import { expect, it } from 'vitest';
import { channelModes } from '../../../src/main/engine/ledger/channel-modes.ts';

it('trades and positions are strict, everything else is confirmed afterwards', () => {
  const modeOf = channelModes();
  for (const channel of ['trade-events', 'trades:user_0001', 'position-updates', 'positions:user_0001'])
    expect(modeOf(channel)).toBe('strict');
  for (const channel of [
    'price-updates',
    'prices:btc',
    'ui-events',
    'system:events',
    'trade-events-2',
    'xtrades:a',
  ])
    expect(modeOf(channel)).toBe('confirm');
});

it('the first rule that fits decides, before the defaults', () => {
  const modeOf = channelModes([
    { pattern: 'trades:paper', mode: 'confirm' },
    { pattern: 'ui-*', mode: 'off' },
    { pattern: 'trades:*', mode: 'off' },
    { pattern: '*', mode: 'strict' },
  ]);
  expect(['trades:paper', 'trades:me', 'ui-events', 'price-updates', 'trades:me'].map(modeOf)).toEqual([
    'confirm',
    'off',
    'off',
    'strict',
    'off',
  ]);
});

it('a pattern that cannot be is refused, and any number of channels may be asked for', () => {
  expect(() => channelModes([{ pattern: 'a**', mode: 'off' }])).toThrow(/cannot be followed/);
  const modeOf = channelModes();
  for (let n = 0; n < 10_050; n += 1) expect(modeOf(`trades:${n}`)).toBe('strict');
});
