import { describe, expect, it, vi } from 'vitest';
import type { CommandName, Commands } from '../../../src/shared/contract.ts';
import { runCommand, type CommandHandlers } from '../../../src/main/engine/commands.ts';

/** Arguments each command accepts. */
const GOOD: { [C in CommandName]: Commands[C]['args'] } = {
  'app.info': {},
  'feed.follow': {},
  'feed.confirm': { seq: 0 },
  'chart.bars': { tokens: ['SOL', 'coinbase:SKL-USD'], interval: '5s', limit: 5_000 },
  'chart.history': { token: 'SOL', interval: '1d', before: 1_700_000_000_000, limit: 5_000 },
  'sources.use': { market: 'simulated' },
  'channels.follow': { pattern: 'trades:*' },
  'channels.unfollow': { pattern: 'trades:*' },
  'streams.list': {},
  'alerts.list': {},
  'alerts.save': {
    draft: {
      id: null,
      name: '',
      condition: { kind: 'price', token: 'SOL', direction: 'cross', level: '150.25' },
      enabled: true,
      mode: { kind: 'rearm', hysteresis: { unit: 'percent', value: '0.5' }, cooldownMs: 60_000 },
      sound: 'chime',
      notify: true,
      note: '',
    },
  },
  'alerts.remove': { ids: ['a'] },
  'chart.trades': { token: 'SOL', since: 0, until: Number.MAX_SAFE_INTEGER, limit: 500 },
  'alerts.enable': { ids: ['a'], enabled: false },
  'alerts.rearm': { ids: ['a'] },
  'alerts.snooze': { ids: null, until: 1_700_000_000_000 },
  'alerts.mute': { until: null },
  'alerts.quiet': {
    quietHours: {
      enabled: true,
      zone: 'Europe/Berlin',
      ranges: [{ from: '22:00', to: '07:00', days: [0, 6] }],
    },
  },
  'alerts.acknowledge': { ids: ['a/b'] },
  'alerts.deliveries': { before: null, limit: 500, ruleId: null },
  'alerts.test': { id: 'a' },
  'moment.range': {},
  'moment.density': { since: 0, until: 1_700_000_000_000, buckets: 1_000 },
  'moment.read': { at: 1_700_000_000_000 },
  'moment.play': { since: 0, until: 1, stepMs: 100 },
  'streams.entries': { channel: 'trade-events', before: '1-0', limit: 500 },
  'dead.list': { channel: 'trade-events', limit: 1 },
  'dead.requeue': { channel: 'trade-events', ids: ['1700000000000-0'] },
  'dead.drop': { channel: 'trade-events', ids: ['1-0', '1-1'] },
  'desk.read': { name: 'layouts' },
  'desk.write': { name: 'layouts', value: { any: ['json'] }, version: null },
  'settings.read': {},
  'settings.check': { changes: { demo: true, updateEveryMs: 250 } },
  'settings.write': {
    changes: { tokens: ['SOL'], redis: null, 'ledger.modes': [{ pattern: 'orders:*', mode: 'off' }] },
  },
  'tokens.check': { name: 'coinbase:SKL-USD' },
  'tokens.add': { name: 'SOL' },
  'tokens.remove': { token: 'SOL' },
  'tokens.past': { tokens: ['SOL'] },
  'tokens.order': { tokens: ['SOL', 'BONK'] },
};

/** Handlers that write down what they were given. */
function handlers(): { all: CommandHandlers; seen: unknown[] } {
  const seen: unknown[] = [];
  const all = Object.fromEntries(
    Object.keys(GOOD).map(name => [
      name,
      (args: unknown) => {
        seen.push(args);
        return name;
      },
    ]),
  ) as unknown as CommandHandlers;
  return { all, seen };
}

describe('the door for commands', () => {
  it.each(Object.entries(GOOD))('lets %s through with good arguments, unchanged', async (name, args) => {
    const { all, seen } = handlers();
    expect(await runCommand(all, name, args)).toBe(name);
    expect(seen).toEqual([args]);
  });

  it.each(['', 'nope', 'toString', '__proto__', 'constructor', 'x'.repeat(500)])(
    'knows no command "%s"',
    async name => {
      const { all, seen } = handlers();
      await expect(runCommand(all, name, {})).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' });
      await expect(runCommand(all, name, {})).rejects.toThrow(/^.{1,100}$/);
      expect(seen).toEqual([]);
    },
  );

  it.each(Object.keys(GOOD))('refuses %s without arguments, with text, and with one too many', async name => {
    const { all, seen } = handlers();
    const good = GOOD[name as CommandName];
    for (const args of [undefined, null, 'text', [], { ...good, more: 1 }]) {
      await expect(runCommand(all, name, args)).rejects.toMatchObject({ code: 'BAD_ARGUMENTS' });
    }
    expect(seen).toEqual([]);
  });

  it.each<[CommandName, string, unknown]>([
    ['feed.confirm', 'seq', { seq: -1 }],
    ['feed.confirm', 'seq', { seq: 1.5 }],
    ['chart.bars', 'tokens', { tokens: 'SOL', interval: '1s', limit: 1 }],
    ['chart.bars', 'tokens.0', { tokens: [''], interval: '1s', limit: 1 }],
    ['chart.bars', 'interval', { tokens: [], interval: '1w', limit: 1 }],
    ['chart.bars', 'limit', { tokens: [], interval: '1s', limit: 5_001 }],
    ['sources.use', 'market', { market: 'recorded' }],
    ['channels.follow', 'pattern', { pattern: '' }],
    ['streams.entries', 'before', { channel: 'x', before: 'yesterday', limit: 1 }],
    ['streams.entries', 'limit', { channel: 'x', before: null, limit: 0 }],
    ['dead.list', 'channel', { channel: 'x'.repeat(129), limit: 1 }],
    ['dead.requeue', 'ids', { channel: 'x', ids: [] }],
    ['dead.drop', 'ids.0', { channel: 'x', ids: ['*'] }],
  ])('refuses %s for its %s, and names it', async (name, field, args) => {
    const { all, seen } = handlers();
    await expect(runCommand(all, name, args)).rejects.toMatchObject({
      code: 'BAD_ARGUMENTS',
      message: expect.stringContaining(`${name} at "${field}"`) as string,
    });
    expect(seen).toEqual([]);
  });

  it('passes on what a handler throws', async () => {
    const { all } = handlers();
    const broken = { ...all, 'app.info': vi.fn(() => Promise.reject(new Error('no info'))) };
    await expect(runCommand(broken, 'app.info', {})).rejects.toThrow('no info');
  });
});
