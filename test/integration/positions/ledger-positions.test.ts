import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TradeBooks } from '../../../src/main/engine/feed/trade-books.ts';
import type { FeedEvent } from '../../../src/shared/contract.ts';
import { averageOf, readBook, realisedOf, unrealisedOf } from '../../../src/shared/positions.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';

const TRADES = 10_000;
const TOKENS = ['SOL', 'BONK', 'RAY', 'JitoSOL'];
const MARK = '104.3219';

/** The same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function tradesOf(seed: number): FeedEvent[] {
  const random = numbers(seed);
  const sequences = new Map<string, number>();
  return Array.from({ length: TRADES }, (_, index): FeedEvent => {
    const channel = random() < 0.5 ? 'trades:user_0001' : 'trade-events';
    const sequence = (sequences.get(channel) ?? 0) + 1;
    sequences.set(channel, sequence);
    const token = TOKENS[Math.floor(random() * TOKENS.length)] ?? 'SOL';
    return {
      ...{ eventId: `t-${index}`, channel, type: 'trade_executed', source: 'test', sequence },
      timestamp: Date.UTC(2026, 10, 20) + index * 15_000,
      data: {
        id: `t-${index}`,
        action: random() < 0.5 ? 'buy' : 'sell',
        token_pair: `${token}/USDC`,
        amount: (random() ** 4 * 1_000 + 0.001).toFixed(3),
        price: (100 + random() * 10).toFixed(4),
        fee: (random() / 10).toFixed(6),
      },
    };
  });
}

/** The average price method as PostgreSQL reckons it, one trade after the other, in its own arbitrary-precision numbers. */
const RECKON = `
CREATE FUNCTION reckon(wanted_channel text, wanted_token text)
RETURNS TABLE (amount numeric, average numeric, realised numeric) LANGUAGE plpgsql AS $$
DECLARE
  trade record; change numeric; held numeric := 0; mean numeric := 0; won numeric := 0; remaining numeric;
BEGIN
  FOR trade IN
    SELECT (data->>'amount')::numeric AS size, (data->>'price')::numeric AS price, (data->>'fee')::numeric AS fee,
           CASE data->>'action' WHEN 'buy' THEN 1 ELSE -1 END AS side
    FROM event_log
    WHERE channel = wanted_channel AND split_part(data->>'token_pair', '/', 1) = wanted_token
    ORDER BY sequence
  LOOP
    change := trade.side * trade.size; remaining := held + change; won := won - trade.fee;
    IF held = 0 OR sign(held) = sign(change) THEN
      mean := (held * mean + change * trade.price)::numeric(200, 60) / remaining::numeric(200, 60);
    ELSIF remaining = 0 OR sign(remaining) = sign(held) THEN
      won := won - change * (trade.price - mean);
    ELSE
      won := won + held * (trade.price - mean); mean := trade.price;
    END IF;
    held := remaining;
  END LOOP;
  RETURN QUERY SELECT held, mean, won;
END $$`;

describe.each(postgresKinds)('positions beside the ledger, %s PostgreSQL', kind => {
  let pg: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    pg = await startTestPostgres(kind);
    ledger = await openTestLedger(pg);
  }, 60_000);
  afterAll(async () => {
    await ledger.close();
    await pg.stop();
  });

  it('equal what PostgreSQL reckons from event_log, for 10,000 trades with duplicates and redelivery', async () => {
    const trades = tradesOf(7);
    await ledger.query({
      text: `INSERT INTO event_log (event_id, channel, sequence, event_type, source, occurred_at, data)
        SELECT "eventId", channel, sequence, type, source, to_timestamp(timestamp / 1000.0), data
        FROM jsonb_to_recordset($1::jsonb)
          AS t("eventId" text, channel text, sequence bigint, type text, source text, timestamp bigint, data jsonb)`,
      values: [JSON.stringify(trades)],
    });
    await ledger.query({ text: RECKON });

    const books = new TradeBooks();
    for (const [index, trade] of trades.entries()) {
      books.add(trade);
      // Every seventh comes again at once, and now and then a whole stretch is delivered once more.
      if (index % 7 === 0) books.add(trade);
      if (index % 997 === 0)
        for (const again of trades.slice(Math.max(0, index - 300), index)) books.add(again);
    }
    const views = books.all();
    expect(views).toHaveLength(8);
    expect(views.reduce((sum, view) => sum + view.trades, 0)).toBe(TRADES);
    for (const view of views) {
      const { rows } = await ledger.query<Record<string, string>>({
        text: `SELECT amount::text, round(average, 12)::text AS average, round(realised, 12)::text AS realised,
            round(amount * ($3::numeric - average), 12)::text AS unrealised FROM reckon($1, $2)`,
        values: [view.channel, view.token, MARK],
      });
      const book = readBook(view);
      expect({
        amount: book.amount.toFixed(3),
        average: averageOf(book)?.toFixed(12),
        realised: realisedOf(book).toFixed(12),
        unrealised: unrealisedOf(book, MARK)?.toFixed(12),
      }).toEqual(rows[0]);
      expect(view.whole).toBe(true);
    }
  }, 120_000);
});
