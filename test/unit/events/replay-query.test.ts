import { describe, expect, it } from 'vitest';
import { readReplayQuery } from '../../../src/main/engine/events/replay-query.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const read = (since: string, until?: string) =>
  readReplayQuery({ channel: 'trade-events', since, until }, NOW);

describe('the times of a replay', () => {
  it.each([
    ['2026-11-21T11:00:00Z', Date.UTC(2026, 10, 21, 11)],
    ['2026-11-21t11:00:00.1239z', Date.UTC(2026, 10, 21, 11, 0, 0, 123)],
    ['2026-11-21 13:00:00+01:00', NOW],
    [String(NOW), NOW],
    ['0', 0],
    ['-30s', NOW - 30_000],
    ['-15m', NOW - 900_000],
    ['-2h', NOW - 7_200_000],
    ['-1d', NOW - 86_400_000],
    ['-999999999d', 0],
  ])('%s is understood', (text, time) => {
    expect(read(text)).toEqual({ channel: 'trade-events', since: time, until: null, speed: null });
  });

  it.each([
    '',
    'yesterday',
    '15m',
    '-15',
    '-1w',
    '1e3',
    '2026-11-21',
    '2026-02-30T00:00:00Z',
    '2026-11-21T25:00:00Z',
    '2026-11-21T11:00:00',
    '99999999999999999',
    '253402300800000',
    `${'9'.repeat(100)}x`,
  ])('%j is refused with the forms there are', text => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'BAD_TIME', exitCode: 2 }));
    expect(() => read(text)).toThrow(/since cannot be .*-15m/);
  });

  it('until may be the same as since, not before it', () => {
    expect(read('-1h', '-1h').until).toBe(NOW - 3_600_000);
    expect(() => read('-1h', '-2h')).toThrow(/until lies before since/);
    expect(() => read('-1h', 'x')).toThrow(/until cannot be/);
  });

  it('the channel and since are needed, and the channel must be one', () => {
    expect(() => readReplayQuery({ since: '0' }, NOW)).toThrow(/channel is missing/);
    expect(() => readReplayQuery({ channel: 'trades:*', since: '0' }, NOW)).toThrow(
      expect.objectContaining({ code: 'BAD_CHANNEL', exitCode: 2 }),
    );
    expect(() => readReplayQuery({ channel: 'x' }, NOW)).toThrow(/since is missing/);
  });

  it.each(['0', '-1', 'fast', '1e3', ''])('a speed of %j is refused', speed => {
    expect(() => readReplayQuery({ channel: 'x', since: '0', speed }, NOW)).toThrow(
      expect.objectContaining({ code: 'BAD_SPEED', exitCode: 2 }),
    );
  });

  it('a speed may be a fraction', () => {
    expect(readReplayQuery({ channel: 'x', since: '0', speed: '0.5' }, NOW).speed).toBe(0.5);
  });
});
