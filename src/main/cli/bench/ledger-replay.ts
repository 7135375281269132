import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type pg from 'pg';
import { TenhertzError } from '../../engine/errors.ts';
import { createJoinedReplay } from '../../engine/ledger/joined-replay.ts';
import type { BenchLedger } from './ledger-server.ts';
import { timed, type BenchResult } from './measure.ts';
import type { BenchParts } from './parts.ts';

const CHANNEL = 'bench-replay';
const FROM = 1_763_726_400_000;
const PAGE = 1_000;
/** The plain client reads this share of them: its rate is the same, and the run is shorter. */
const RAW_SHARE = 0.2;

/**
 * Replays events that are in the ledger alone, beside a plain client that reads the same rows in pages and parses their data;
 * and what is in use of the heap after the last event, beside after the first tenth: a replay's memory must not grow with it.
 */
export async function benchLedgerReplay(
  parts: BenchParts,
  { database, raw }: BenchLedger,
): Promise<BenchResult[]> {
  const count = parts.sizes.ledger.replay;
  await fill(raw, count);
  const replay = createJoinedReplay({ ...parts, database });
  let early = 0;
  let seen = 0;
  const ours = await timed(count, async () => {
    for await (const event of replay({ channel: CHANNEL, since: 0, until: null, speed: null })) {
      seen += 1;
      if (seen === Math.ceil(count / 10)) early = heapMegabytes();
      if (event.sequence !== seen)
        throw new TenhertzError('INTERNAL', `Event ${seen} came as ${event.sequence ?? 0}.`);
    }
  });
  if (seen !== count) throw new TenhertzError('INTERNAL', `${seen} of ${count} events were replayed.`);
  const late = heapMegabytes();
  const rows = Math.ceil(count * RAW_SHARE);
  const plain = await timed(rows, () => readRaw(raw, rows));
  const [value, baseline] = [(ours.units * 1_000) / ours.ms, (plain.units * 1_000) / plain.ms];
  return [
    { name: 'ledger_replay', value, unit: 'events/s', baseline, ratio: value / baseline },
    { name: 'ledger_replay_heap', value: late, unit: 'MB', baseline: early, ratio: late / early },
  ];
}

/** The server makes them up: writing them is no part of what is measured. */
async function fill(raw: pg.Client, count: number): Promise<void> {
  await raw.query(
    `INSERT INTO event_log (event_id, channel, sequence, event_type, source, occurred_at, received_at, data, stream_id,
                            confirmed_at, published_at, position_ms, position_seq)
     SELECT 'bench-' || n, $1, n, 'trade_executed', 'bench', to_timestamp(($2::bigint + n) / 1000.0), now(),
            jsonb_build_object('id', 't' || n, 'action', 'buy', 'token_pair', 'SOL/USDC', 'amount', '12.5', 'price', '151.' || n),
            ($2::bigint + n) || '-0', now(), now(), $2::bigint + n, 0
     FROM generate_series(1, $3::bigint) n`,
    [CHANNEL, FROM, count],
  );
  await raw.query('ANALYZE event_log');
}

async function readRaw(raw: pg.Client, count: number): Promise<void> {
  let after = 0;
  for (let read = 0; read < count;) {
    const { rows } = await raw.query<{ position_ms: string; data: string }>({
      name: 'bench-page',
      text: `SELECT event_id, event_type, source, occurred_at, sequence, stream_id, position_ms, data::text AS data
             FROM event_log WHERE channel = $1 AND position_ms > $2 ORDER BY position_ms LIMIT $3`,
      values: [CHANNEL, after, Math.min(PAGE, count - read)],
    });
    for (const row of rows) JSON.parse(row.data);
    read += rows.length;
    after = Number(rows.at(-1)?.position_ms);
  }
}

/** What is in use after a full collection. */
function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
