import { describe, expect, it } from 'vitest';
import { TradeBooks } from '../../../src/main/engine/feed/trade-books.ts';
import { createProjections } from '../../../src/main/engine/feed/projections.ts';
import type { FeedEvent } from '../../../src/shared/contract.ts';
import { desk, open } from './desk.ts';
import { streamEvent } from './events.ts';

let made = 0;
function trade(action: string, amount: string, price: string, over: Partial<FeedEvent> = {}): FeedEvent {
  made += 1;
  return {
    eventId: `t-${made}`,
    channel: 'trades:user_0001',
    type: 'trade_executed',
    source: 'bot',
    timestamp: Date.UTC(2026, 10, 21, 12) + made,
    sequence: made + 100,
    data: { id: `${made}`, action, token_pair: 'SOL/USDC', amount, price },
    ...over,
  };
}
const amounts = (books: TradeBooks): string[] =>
  books.all().map(({ channel, token, quote, amount }) => `${channel} ${token} ${quote ?? '$'} ${amount}`);

describe('books kept from trades', () => {
  it('are one per channel, token and currency; dollars of any kind are one currency', () => {
    const books = new TradeBooks();
    books.add(trade('buy', '2', '100'));
    books.add(
      trade('buy', '1', '100', { data: { action: 'buy', token_pair: 'SOL-USD', amount: 1, price: 90 } }),
    );
    books.add(
      trade('buy', '5', '1', { data: { action: 'buy', token_pair: 'SOL/EUR', amount: '5', price: '80' } }),
    );
    books.add(trade('sell', '1', '110', { channel: 'trade-events' }));
    expect(amounts(books)).toEqual([
      'trades:user_0001 SOL $ 3',
      'trades:user_0001 SOL EUR 5',
      'trade-events SOL $ -1',
    ]);
    expect(books.all()[0]).toMatchObject({ trades: 2, cost: '290', flow: '-290', whole: false });
  });

  it('take a trade once however often it comes, and count what cannot be booked', () => {
    const books = new TradeBooks();
    const one = trade('buy', '2', '100');
    for (const event of [one, one, trade('swap', '1', '1'), one]) books.add(event);
    expect(amounts(books)).toEqual(['trades:user_0001 SOL $ 2']);
    expect(books.version).toBe(1);
    const reason = 'is neither a buy nor a sell';
    expect(books.unbooked).toEqual({ count: 1, channel: 'trades:user_0001', reason });
    books.add(trade('sell', '0', '1'));
    expect(books.unbooked).toMatchObject({ count: 2, reason: 'has no amount' });
  });

  it('tell the newest trade and the oldest, also when one comes late', () => {
    const books = new TradeBooks();
    const [early, late] = [trade('buy', '1', '1'), trade('buy', '1', '1')];
    books.add(late);
    books.add(early);
    expect(books.all()).toMatchObject([
      { at: late.timestamp, eventId: late.eventId, since: early.timestamp, trades: 2 },
    ]);
  });

  it('are whole once the first event of their channel is known, whenever it comes', () => {
    const books = new TradeBooks();
    books.add(trade('buy', '1', '1', { sequence: 2 }));
    expect(books.all()[0]?.whole).toBe(false);
    const before = books.version;
    books.add({ ...trade('buy', '1', '1', { sequence: 1, channel: 'other' }) });
    books.add({ ...trade('', '', ''), type: 'note', sequence: 1 });
    expect(books.all().map(({ channel, whole }) => [channel, whole])).toEqual([
      ['other', true],
      ['trades:user_0001', true],
    ]);
    expect(books.changedSince(before)).toHaveLength(2);
  });

  it('are kept up to 2,000: a closed one goes before an open one', () => {
    const books = new TradeBooks();
    const of = (token: string, action = 'buy'): FeedEvent =>
      trade(action, '1', '1', { data: { action, token_pair: token, amount: '1', price: '1' } });
    for (let index = 0; index < 2_000; index += 1) books.add(of(`T${index}`));
    books.add(of('T1500', 'sell'));
    books.add(of('new'));
    const tokens = books.all().map(({ token }) => token);
    expect([tokens.length, tokens.includes('T1500'), tokens.includes('T0')]).toEqual([2_000, false, true]);
    books.add(of('newer'));
    expect(books.all().map(({ token }) => token)).not.toContain('T0');
  });

  it('go out whole with a snapshot and, when they change, with the next batch', async () => {
    const { clock, feed, projections } = desk();
    projections.apply([streamEvent({ data: trade('buy', '2', '100').data })], 'snapshot');
    const window = open(feed, 'at once');
    expect(window.newest()).toMatchObject({ kind: 'snapshot', books: [{ token: 'SOL', amount: '2' }] });
    await clock.advance(100);
    projections.apply([streamEvent({ data: trade('sell', '0.5', '100').data })], 'live');
    await clock.advance(100);
    expect(window.newest()).toMatchObject({ kind: 'update', books: [{ token: 'SOL', amount: '1.5' }] });
    projections.apply([streamEvent({ type: 'note' })], 'live');
    await clock.advance(100);
    expect(window.newest().books).toEqual([]);
  });

  it('that do not fit into a snapshot follow as updates, in batches below 64 KB, all of them once', async () => {
    const { clock, feed, projections } = desk();
    for (let index = 0; index < 1_000; index += 1) {
      const data = {
        action: 'buy',
        token_pair: `T${index}/USDC`,
        amount: '1.234567',
        price: '0.00001234567',
      };
      projections.apply([streamEvent({ data })], 'snapshot');
    }
    const window = open(feed, 'at once');
    for (let tick = 0; tick < 40; tick += 1) await clock.advance(100);
    const sent = window.batches.flatMap(batch => batch.books.map(book => book.token));
    expect(sent).toEqual(Array.from({ length: 1_000 }, (_, index) => `T${index}`));
    expect(window.batches.length).toBeGreaterThan(3);
    const sizes = window.frames.map(({ json }) => Buffer.byteLength(json));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
  });

  it('are part of the projections', () => {
    const projections = createProjections();
    projections.apply([streamEvent({ data: trade('buy', '2', '100').data })], 'live');
    expect(projections.books.all()).toHaveLength(1);
  });
});
