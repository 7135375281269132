import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { createPublisher } from '../../../src/main/engine/events/publisher.ts';
import type { TestLedger } from '../../support/ledger.ts';
import { postgresKinds } from '../../support/postgres-server.ts';
import { until, type TestRedis } from '../../support/redis-server.ts';
import { id, inLedger, inStream, trade, useStrictParts, type StrictParts } from './strict-parts.ts';

const COUNTER = 'seq:{stream:trade-events}';

describe.each(postgresKinds)(
  'strict publishing with the %s PostgreSQL, where Redis and the ledger differ,',
  kind => {
    let redis: TestRedis;
    let ledger: TestLedger;
    let parts: StrictParts;

    useStrictParts(kind, scene => ({ redis, ledger, parts } = scene));

    const failure = async (work: Promise<unknown>): Promise<TenhertzError> => {
      const error: unknown = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof TenhertzError)) throw new Error(`not refused: ${String(error)}`);
      return error;
    };

    it('goes on where Redis stands when the ledger is new', async () => {
      const plain = createPublisher({ pool: parts.pool, clock: systemClock, metrics: parts.metrics });
      await plain.publishMany([trade(1), trade(2), trade(3)]);
      expect(await parts.publisher.publish(trade(4))).toMatchObject({ sequence: 4, duplicate: false });
      expect(await inStream(parts.pool)).toEqual(['1 1', '2 2', '3 3', '4 4']);
    });

    it('takes another number when a program without a ledger has taken its own', async () => {
      await parts.publisher.publish(trade(1));
      const plain = createPublisher({ pool: parts.pool, clock: systemClock, metrics: parts.metrics });
      await plain.publishMany([trade(2), trade(3)]);
      expect(await parts.publisher.publish(trade(4))).toMatchObject({ sequence: 4, duplicate: false });
      expect(await parts.publisher.publish(trade(5))).toMatchObject({ sequence: 5, duplicate: false });
      expect(await inStream(parts.pool)).toEqual(['1 1', '2 2', '3 3', '4 4', '5 5']);
      await parts.marks.flush();
      expect(await inLedger(ledger)).toEqual(['1 1+', '4 4+', '5 5+']);
    });

    it('publishes what another process has committed before its own', async () => {
      await commit(1, 2);
      expect(await parts.publisher.publish(trade(3))).toMatchObject({ sequence: 3, duplicate: false });
      await parts.marks.flush();
      expect(await inStream(parts.pool)).toEqual(['1 1', '2 2', '3 3']);
      expect(await inLedger(ledger)).toEqual(['1 1+', '2 2+', '3 3+']);
    });

    it('publishes again what Redis has lost, and passes over what is no news', async () => {
      await parts.publisher.publishMany([1, 2, 3, 4].map(number => trade(number)));
      await parts.marks.flush();
      await ledger.query({
        text: `UPDATE event_log SET received_at = received_at - interval '1 hour' WHERE sequence < 3`,
      });
      await parts.pool.shared().flushall();
      expect(await parts.publisher.publish(trade(5))).toMatchObject({ sequence: 5 });
      expect(await inStream(parts.pool)).toEqual(['3 3', '4 4', '5 5']);
      await parts.marks.flush();
      // The notes say where they stand now.
      const { rows } = await ledger.query<{ stream_id: string }>({
        text: 'SELECT stream_id FROM event_log WHERE sequence > 2 ORDER BY sequence',
      });
      const entries = await parts.pool.shared().xrange('stream:trade-events', '-', '+');
      expect(rows.map(row => row.stream_id)).toEqual(entries.map(([entryId]) => entryId));
    });

    it('keeps what is in the outbox, however old', async () => {
      await commit(1, 2);
      await ledger.query({ text: `UPDATE event_log SET received_at = received_at - interval '1 day'` });
      await parts.bringUp('trade-events');
      expect(await inStream(parts.pool)).toEqual(['1 1', '2 2']);
    });

    it('notes what was published without a note, in the stream or trimmed from it', async () => {
      const [first] = await parts.publisher.publishMany([trade(1), trade(2)]);
      await parts.marks.flush();
      await ledger.query({ text: 'UPDATE event_log SET published_at = NULL, stream_id = NULL' });
      await parts.pool
        .shared()
        .del(`published:{stream:trade-events}:${id(1)}`, `published:{stream:trade-events}:${id(2)}`);
      await parts.pool.shared().xdel('stream:trade-events', first?.entryId ?? '');
      expect(await parts.publisher.publishMany([trade(1), trade(2)])).toMatchObject([
        { sequence: 1, duplicate: true, entryId: '' },
        { sequence: 2, duplicate: true, entryId: expect.stringMatching(/-/) as string },
      ]);
      await parts.marks.flush();
      const { rows } = await ledger.query({
        text: 'SELECT published_at IS NOT NULL AS p, stream_id IS NOT NULL AS s FROM event_log ORDER BY sequence',
      });
      expect(rows).toEqual([
        { p: true, s: false },
        { p: true, s: true },
      ]);
      expect(await parts.publisher.publish(trade(1))).toMatchObject({
        sequence: 1,
        entryId: '',
        duplicate: true,
      });
    });

    it('numbers rows other programs wrote without one', async () => {
      await ledger.query({
        text: `INSERT INTO event_log (event_id, channel, event_type, source, occurred_at, data)
             VALUES ('${id(1)}', 'trade-events', 'note', 'bot', now(), '{}'), ('${id(2)}', 'trade-events', 'note', 'bot', now(), '{}')`,
      });
      expect(await parts.publisher.publish(trade(2))).toMatchObject({ duplicate: false });
      expect((await inStream(parts.pool)).sort()).toEqual(['1 1', '2 2']);
    });

    it('says that it is recorded when Redis refuses the broadcast, and broadcasts it once that is over', async () => {
      await parts.pool.shared().set('stream:trade-events', 'no stream');
      const error = await failure(parts.publisher.publish(trade(1)));
      expect(error).toMatchObject({
        code: 'COMMITTED_NOT_PUBLISHED',
        facts: { channel: 'trade-events', events: [{ eventId: id(1), sequence: 1 }] },
      });
      expect(error.message).toContain('WRONGTYPE');
      expect(await parts.pool.shared().get(COUNTER)).toBeNull();
      await expect(parts.bringUp('trade-events')).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
      await parts.pool.shared().del('stream:trade-events');
      expect(await parts.publisher.publish(trade(1))).toMatchObject({ sequence: 1, duplicate: false });
      expect(await inStream(parts.pool)).toEqual(['1 1']);
    });

    it('commits while Redis is away, and says so', async () => {
      await parts.pool.shared().del('x');
      await redis.kill();
      const error = await failure(parts.publisher.publish(trade(1)));
      expect(error).toMatchObject({ code: 'COMMITTED_NOT_PUBLISHED', facts: { events: [{ sequence: 1 }] } });
      await redis.restart();
      await until(() => parts.pool.status().state === 'up', 30_000, 'Redis did not come back');
      expect(await parts.publisher.publish(trade(1))).toMatchObject({ sequence: 1, duplicate: false });
    });

    it('a counter that holds no number is told', async () => {
      await parts.pool.shared().set(COUNTER, 'many');
      await expect(parts.publisher.publish(trade(1))).rejects.toMatchObject({
        code: 'COMMITTED_NOT_PUBLISHED',
      });
      await expect(parts.bringUp('trade-events')).rejects.toThrow(/holds no number/);
    });

    /** Committed by a process that was killed before the broadcast. */
    async function commit(...numbers: number[]): Promise<void> {
      for (const number of numbers) {
        await ledger.query({
          text: `SELECT tenhertz_append('trade-events', '${id(number)}', 'note', 'test', now(), '{"number":${number}}')`,
        });
      }
    }
  },
);
