import { expect, test } from 'vitest';
import type { FeedEvent, PriceView } from '../../../../src/shared/contract.ts';
import type { MomentPiece } from '../../../../src/shared/moments.ts';
import { Player } from '../../../../src/renderer/travel/player.ts';
import { NOON as T, priceOf as view, tradeEventOf } from '../support.ts';

const priceOf = (token: string, at: number, price: string): PriceView =>
  view({ token, price, timestamp: at, publishedAt: at });
const tradeOf = (id: string, at: number): FeedEvent => tradeEventOf(id, {}, { timestamp: at });

const piece = (until: number, prices: PriceView[], events: FeedEvent[] = []): MomentPiece => ({
  until,
  prices,
  bars: [],
  events,
  books: [],
  note: null,
});

test('only what is due is taken, in order, and nothing twice', () => {
  const player = new Player(T);
  player.add(piece(T + 1_000, [], [tradeOf('a', T + 100), tradeOf('b', T + 200), tradeOf('c', T + 900)]));
  expect(player.take(T + 200)?.events.map(({ eventId }) => eventId)).toEqual(['a', 'b']);
  expect(player.take(T + 200)).toBeNull();
  expect(player.take(T + 1_000)?.events.map(({ eventId }) => eventId)).toEqual(['c']);
});

test('of several prices of a token that are due together the newest is shown', () => {
  const player = new Player(T);
  player.add(
    piece(T + 1_000, [
      priceOf('SOL', T + 100, '1'),
      priceOf('SOL', T + 200, '2'),
      priceOf('BONK', T + 150, '3'),
    ]),
  );
  expect(player.take(T + 500)?.prices.map(({ token, price }) => `${token} ${price}`)).toEqual([
    'SOL 2',
    'BONK 3',
  ]);
});

test('an event whose own clock is wrong keeps its place and does not hold the others back', () => {
  const player = new Player(T);
  player.add(
    piece(
      T + 1_000,
      [],
      [tradeOf('a', T + 500), tradeOf('old clock', T - 90_000), tradeOf('ahead', T + 90_000)],
    ),
  );
  expect(player.take(T + 499)).toBeNull();
  expect(player.take(T + 500)?.events.map(({ eventId }) => eventId)).toEqual(['a', 'old clock']);
  expect(player.take(T + 1_000)?.events.map(({ eventId }) => eventId)).toEqual(['ahead']);
});

test('prices draw the second under way, and the whole bar replaces it when the second is over', () => {
  const player = new Player(T);
  const whole = { token: 'SOL', time: T, open: '1', high: '9', low: '1', close: '2', volume: null };
  player.add({
    ...piece(T + 2_000, [priceOf('SOL', T + 100, '1'), priceOf('SOL', T + 600, '2')]),
    bars: [whole],
  });
  expect(player.take(T + 100)?.bars).toMatchObject([{ time: T, close: '1' }]);
  expect(player.take(T + 600)?.bars).toMatchObject([{ time: T, open: '1', close: '2', high: '2' }]);
  expect(player.take(T + 1_000)?.bars).toEqual([whole]);
});

test('pieces follow one another', () => {
  const player = new Player(T);
  player.add(piece(T + 1_000, [], [tradeOf('a', T + 900)]));
  player.add(piece(T + 2_000, [], [tradeOf('b', T + 1_100)]));
  expect(player.fetchedUntil).toBe(T + 2_000);
  expect(player.take(T + 2_000)?.events.map(({ eventId }) => eventId)).toEqual(['a', 'b']);
});

test('positions kept from trades are shown when their piece has been played', () => {
  const player = new Player(T);
  const book = { token: 'SOL' } as never;
  player.add({ ...piece(T + 1_000, []), books: [book] });
  expect(player.take(T + 999)).toBeNull();
  expect(player.take(T + 1_000)?.books).toEqual([book]);
});
