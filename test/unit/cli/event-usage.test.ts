import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHost } from './fake-host.ts';

let host: ReturnType<typeof makeHost>;
beforeEach(() => {
  host = makeHost();
});
afterEach(() => host.remove());

describe('publish, replay and dead', () => {
  it.each([
    [['publish'], /Give --channel, --type and --data/],
    [['publish', '--channel', 'x', '--type', 't'], /--data/],
    [['publish', '--channel', 'x', '--type', 't', '--data', '{a}'], /--data is not JSON/],
    [['publish', '--stdin', '--data', '1'], /belong into the lines/],
    [['publish', '--stdin', '--event-id', 'x'], /belong into the lines/],
    [['publish', '--nonsense'], /unknown option/],
    [['replay'], /channel is missing/],
    [['replay', '--channel', 'a b', '--since', '0'], /channel cannot be "a b"/],
    [['replay', '--channel', 'x'], /since is missing/],
    [['replay', '--channel', 'x', '--since', 'noon'], /since cannot be "noon"/],
    [['replay', '--channel', 'x', '--since', '-1h', '--until', '-2h'], /until lies before since/],
    [['replay', '--channel', 'x', '--since', '-1h', '--speed', '0'], /speed cannot be "0"/],
    [['dead', '--channel', 'a b'], /channel cannot be/],
    [['dead', '--requeue', '1-0'], /Give --channel/],
    [['dead', '--channel', 'x', '--requeue', '1-0', '--drop', '1-0'], /not both/],
    [['dead', '--channel', 'x', '--requeue'], /ids of letters, or --all/],
    [['dead', '--channel', 'x', '--drop', '1-0', '--all'], /ids of letters, or --all/],
    [['dead', '--channel', 'x', '--drop', 'first'], /"first" is not the id/],
  ])(
    '%j is wrong usage: exit code 2, what to write, no stack trace, nothing started',
    async (argv, message) => {
      expect(await host.run(...argv)).toBe(2);
      expect(host.process.err).toMatch(message);
      expect(host.process.err).not.toContain('    at ');
      expect(host.process.out).toBe('');
      expect(host.process.eventNames()).toEqual([]);
    },
  );

  it.each(['publish', 'replay', 'dead'])('%s has its help', async command => {
    expect(await host.run(command, '--help')).toBe(0);
    for (const word of ['--channel', '--redis', '--data-dir']) expect(host.process.out).toContain(word);
  });

  it('with a Redis that does not answer: exit code 4, and no stack trace', async () => {
    const argv = ['replay', '--channel', 'x', '--since', '0', '--redis', 'unix:///nowhere/redis.sock'];
    expect(await host.run(...argv, '--log-level', 'silent')).toBe(4);
    expect(host.process.err).toMatch(/cannot be used: the socket does not exist/);
    expect(host.process.err).not.toContain('    at ');
  });

  it('with a wrong address of Redis: exit code 3', async () => {
    expect(await host.run('dead', '--redis', 'http://x')).toBe(3);
  });
});
