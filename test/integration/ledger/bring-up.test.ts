import { describe, expect, it } from 'vitest';
import { counterOf, createBringUp, type BringUp } from '../../../src/main/engine/ledger/bring-up.ts';
import type { LedgerDatabase } from '../../../src/main/engine/ledger/database.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import type { TestLedger } from '../../support/ledger.ts';
import { postgresKinds } from '../../support/postgres-server.ts';
import { id, inLedger, inStream, useStrictParts, type StrictParts } from './strict-parts.ts';

const CHANNEL = 'trade-events';
const COUNTER = `seq:{stream:${CHANNEL}}`;

describe.each(postgresKinds)('bringing a stream up to the ledger with the %s PostgreSQL', kind => {
  let ledger: TestLedger;
  let parts: StrictParts;

  useStrictParts(kind, scene => ({ ledger, parts } = scene));

  /** Committed and not broadcast. */
  async function commit(count: number): Promise<void> {
    for (let number = 1; number <= count; number += 1) {
      await ledger.query({
        text: `SELECT tenhertz_append($1, $2, 'note', 'test', now(), '{}')`,
        values: [CHANNEL, id(number)],
      });
    }
  }

  /** As the program's own, with `meanwhile` each time after the rows to publish were read. */
  function bringingUp(meanwhile: () => Promise<unknown>, pool = parts.pool): BringUp {
    const { metrics, marks } = parts;
    const query: LedgerDatabase['query'] = async statement => {
      const answer = await ledger.query<never>(statement);
      if (statement.name === 'tenhertz-outbox-after') await meanwhile();
      return answer;
    };
    return createBringUp({ database: { query }, pool, metrics, marks });
  }

  const upTo = (last: number): string[] =>
    Array.from({ length: last }, (_, index) => `${index + 1} ${index + 1}`);

  it('does nothing where nothing was ever committed', async () => {
    expect(await parts.bringUp(CHANNEL)).toEqual(new Map());
    expect(await parts.pool.shared().exists(COUNTER)).toBe(0);
  });

  it('publishes more than one page of them, each once and in order', async () => {
    await commit(520);
    const done = await parts.bringUp(CHANNEL);
    expect(done.size).toBe(520);
    expect(done.get(id(520))).toMatchObject({ sequence: 520, added: true });
    expect(await inStream(parts.pool)).toEqual(upTo(520));
    await parts.marks.flush();
    expect(await parts.bringUp(CHANNEL)).toEqual(new Map());
    expect(await inLedger(ledger)).toEqual(upTo(520).map(line => `${line}+`));
  });

  it('is done once for all who ask at the same time', async () => {
    await commit(3);
    let reads = 0;
    const bringUp = bringingUp(() => Promise.resolve((reads += 1)));
    const answers = await Promise.all([bringUp(CHANNEL), bringUp(CHANNEL), bringUp(CHANNEL)]);
    expect(reads).toBe(1);
    expect(new Set(answers).size).toBe(1);
    expect((await parts.metrics.eventsPublished.get()).values).toMatchObject([{ value: 3 }]);
  });

  it('begins again when Redis lost its data meanwhile', async () => {
    await commit(2);
    await parts.bringUp(CHANNEL);
    await ledger.query({
      text: `SELECT tenhertz_append($1, $2, 'note', 'test', now(), '{}')`,
      values: [CHANNEL, id(3)],
    });
    let crashes = 1;
    const bringUp = bringingUp(async () => {
      if (crashes > 0) await parts.pool.shared().flushall();
      crashes -= 1;
    });
    expect((await bringUp(CHANNEL)).size).toBe(3);
    expect(await inStream(parts.pool)).toEqual(upTo(3));
  });

  it('gives up for this time when Redis loses its data over and over, and succeeds once it does not', async () => {
    await commit(2);
    const { pool } = parts;
    const client = pool.shared();
    // It stands at 1 whenever it is asked, and is empty when the second is to follow.
    const forgetful = new Proxy(client, {
      get: (_, name) =>
        name === 'get'
          ? async (key: string) => {
              await client.set(key, '1');
              return client.get(key);
            }
          : (Reflect.get(client, name) as unknown),
    });
    let tries = 0;
    const bringUp = bringingUp(
      () => {
        tries += 1;
        return client.del(COUNTER);
      },
      { shared: () => forgetful } as unknown as RedisPool,
    );
    await expect(bringUp(CHANNEL)).rejects.toMatchObject({
      code: 'PUBLISH_FAILED',
      message: `Committed events of "${CHANNEL}" cannot be broadcast (its counter does not stay where it was); this is tried again by itself.`,
      facts: { channel: CHANNEL },
    });
    expect(tries).toBe(5);
    await pool.shared().flushall();
    await parts.bringUp(CHANNEL);
    expect(await inStream(pool)).toEqual(upTo(2));
  });

  it('says which key to look at when the counter holds no number', async () => {
    await parts.pool.shared().set(COUNTER, '1.5');
    await expect(counterOf(parts.pool, CHANNEL)).rejects.toThrow(`${COUNTER} holds no number`);
  });
});
