import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { ChannelFinder } from '../../../src/main/engine/events/channel-finder.ts';
import { readPattern } from '../../../src/main/engine/events/channel-pattern.ts';
import { ChannelStates } from '../../../src/main/engine/events/channel-state.ts';
import { FollowedChannels } from '../../../src/main/engine/events/followed-channels.ts';

describe('a pattern', () => {
  it('is a name, or has stars for any characters', () => {
    expect(readPattern('system:events').matches('system:events')).toBe(true);
    expect(readPattern('system:events').wildcard).toBe(false);
    const trades = readPattern('trades:*');
    expect(['trades:a', 'trades:', 'trades:a:b', 'trades:ünï\n'].map(trades.matches)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['trades', 'xtrades:a', `trades:${'a'.repeat(130)}`].map(trades.matches)).toEqual([
      false,
      false,
      false,
    ]);
    expect(readPattern('*:user.1').matches('x:user.1')).toBe(true);
    expect(readPattern('*:user.1').matches('x:userz1')).toBe(false);
    expect(readPattern('*').matches('anything')).toBe(true);
  });

  it.each(['', ' ', 'a b', 'trades:[ab]', 'trades:?', 'a{b}', '-a', 'a**', 'x'.repeat(129), 'a\\*', 'a\n'])(
    'is refused when it is %j, saying what is allowed',
    text => {
      expect(() => new FollowedChannels([text])).toThrow(
        expect.objectContaining({
          code: 'BAD_PATTERN',
          exitCode: 2,
          message: expect.stringContaining('trades:*') as string,
        }),
      );
    },
  );
});

describe('what is followed', () => {
  it('has each channel once, however many patterns stand for it, and says which', () => {
    const followed = new FollowedChannels(['trades:a', 'trades:*', '*:a']);
    expect(followed.offer('trades:a', { born: false })).toBe(false);
    expect(followed.offer('trades:b', { born: true })).toBe(true);
    expect(followed.offer('trades:b', { born: false })).toBe(false);
    expect(followed.offer('prices:b', { born: false })).toBe(false);
    expect(followed.channels()).toEqual(['trades:a', 'trades:b']);
    expect(followed.via('trades:a')).toEqual(['trades:a', 'trades:*', '*:a']);
    expect(followed.isBorn('trades:b')).toBe(true);
  });

  it('lets go what only an unfollowed pattern brought, and a stream that is gone unless it is followed by name', () => {
    const followed = new FollowedChannels(['trades:*', '*:a', 'system:events']);
    for (const channel of ['trades:a', 'trades:b', 'prices:a']) followed.offer(channel, { born: false });
    expect(followed.unfollow('trades:*')).toBe(true);
    expect(followed.unfollow('trades:*')).toBe(false);
    expect(followed.channels()).toEqual(['system:events', 'trades:a', 'prices:a']);
    const before = followed.version;
    followed.letGo('prices:a');
    expect(followed.version).toBeGreaterThan(before);
    followed.letGo('system:events');
    expect(followed.channels()).toEqual(['system:events', 'trades:a']);
    expect(() => followed.unfollow('?')).toThrow(expect.objectContaining({ code: 'BAD_PATTERN' }));
  });

  it('changes nothing when a pattern is followed again, and has a limit', () => {
    const followed = new FollowedChannels(['a']);
    expect(followed.follow('a')).toBe(false);
    expect(followed.version).toBe(1);
    for (let number = 1; number < 200; number += 1) followed.follow(`channel-${number}`);
    expect(() => followed.follow('one-more')).toThrow(expect.objectContaining({ code: 'TOO_MANY_PATTERNS' }));
    const many = new FollowedChannels(['*']);
    for (let number = 0; number < 2_100; number += 1) many.offer(`channel-${number}`, { born: false });
    expect(many.channels()).toHaveLength(2_000);
  });
});

describe('the search for channels', () => {
  /** A server whose keys come in these portions. */
  const server = (pages: string[][]) => {
    const asked: unknown[][] = [];
    const client = {
      scan(cursor: string, ...rest: unknown[]) {
        asked.push([cursor, ...rest]);
        const at = Number(cursor);
        return Promise.resolve([at + 1 < pages.length ? String(at + 1) : '0', pages[at] ?? []]);
      },
    } as unknown as Redis;
    return { pages, asked, run: <T>(command: (client: Redis) => Promise<T>) => command(client) };
  };

  it('goes on where its budget stopped it, and marks as born what appears after the first whole pass', async () => {
    const followed = new FollowedChannels(['trades:*', 'prices:*']);
    const finder = new ChannelFinder(followed);
    const { pages, asked, run } = server([
      ['stream:trades:a'],
      ['stream:other', 'nothing'],
      ['stream:prices:b'],
    ]);
    await finder.look(run, 2);
    expect(finder.settled).toBe(false);
    expect(followed.channels()).toEqual(['trades:a']);
    await finder.look(run, 2);
    expect(finder.settled).toBe(true);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toEqual(['0', 'MATCH', 'stream:*', 'COUNT', 500, 'TYPE', 'stream']);
    expect(followed.isBorn('prices:b')).toBe(false);
    pages[0] = ['stream:trades:a', 'stream:trades:new'];
    await finder.look(run, 100);
    expect(followed.isBorn('trades:new')).toBe(true);
    followed.follow('ui:*');
    finder.restart();
    pages[1] = ['stream:ui:old'];
    await finder.look(run, 100);
    expect(followed.isBorn('ui:old')).toBe(false);
  });

  it('asks for the one wildcard there is, and for nothing when there is none', async () => {
    const followed = new FollowedChannels(['trades:*']);
    const { asked, run } = server([[]]);
    await new ChannelFinder(followed).look(run, 1);
    expect(asked[0]?.[2]).toBe('stream:trades:*');
    const finder = new ChannelFinder(new FollowedChannels(['trades']));
    await finder.look(run, 1);
    expect(finder.settled).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('drops a pass that was started anew while its answer was under way', async () => {
    const followed = new FollowedChannels(['trades:*']);
    const finder = new ChannelFinder(followed);
    const { run } = server([[], ['stream:trades:a']]);
    await finder.look(command => {
      const answer = run(command);
      if (!finder.settled && followed.follow('prices:*')) finder.restart();
      return answer;
    }, 10);
    expect(followed.channels()).toEqual(['trades:a']);
  });
});

describe('the states of channels', () => {
  it('are kept for a while when a channel is no longer followed, within bounds', () => {
    const states = new ChannelStates();
    for (let number = 0; number < 3_000; number += 1) states.of(`channel-${number}`);
    states.prune(new Set(['channel-0', 'channel-2999']));
    expect(states.peek('channel-0')).toBeDefined();
    expect(states.peek('channel-1')).toBeUndefined();
    expect(states.peek('channel-2998')).toBeDefined();
  });
});
