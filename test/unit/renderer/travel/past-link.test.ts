import { expect, test } from 'vitest';
import type { CommandName } from '../../../../src/shared/contract.ts';
import type { Link } from '../../../../src/renderer/bridge/link.ts';
import { pastLink } from '../../../../src/renderer/travel/past-link.ts';
import { barOf, NOON } from '../support.ts';

function start(): { link: Link; asked: [string, unknown][] } {
  const asked: [string, unknown][] = [];
  const invoke = (command: CommandName, args: unknown): Promise<unknown> => {
    asked.push([command, args]);
    return Promise.resolve(
      command === 'chart.history' ? { bars: [barOf(NOON - 1_000, '1')], complete: true } : null,
    );
  };
  const live: Link = {
    invoke: invoke as Link['invoke'],
    on: () => () => undefined,
    onConnect: () => () => undefined,
    close: () => undefined,
  };
  return { link: pastLink(live, () => NOON), asked };
}

test('a chart of the past is given the bars before the moment', async () => {
  const { link, asked } = start();
  const bars = await link.invoke('chart.bars', { tokens: ['SOL', 'BONK'], interval: '1m', limit: 10 });
  expect(Object.keys(bars)).toEqual(['SOL', 'BONK']);
  expect(bars['SOL']).toHaveLength(1);
  expect(asked[0]).toEqual(['chart.history', { token: 'SOL', interval: '1m', before: NOON + 1, limit: 10 }]);
});

test('entries of a stream are those up to the moment', async () => {
  const { link, asked } = start();
  await link.invoke('streams.entries', { channel: 'trade-events', before: null, limit: 5 });
  await link.invoke('streams.entries', { channel: 'trade-events', before: '5-1', limit: 5 });
  expect(asked.map(([, args]) => (args as { before: string }).before)).toEqual([`${NOON + 1}-0`, '5-1']);
});

test('what changes nothing is asked as it is, and no batch comes by this line', async () => {
  const { link, asked } = start();
  await link.invoke('app.info', {});
  expect(asked).toEqual([['app.info', {}]]);
  expect(link.on('feed.batch', () => expect.unreachable())).toBeTypeOf('function');
});
