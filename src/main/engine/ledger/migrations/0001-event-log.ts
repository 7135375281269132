import { sql, type Kysely } from 'kysely';

/**
 * The first schema. `event_log` is one plain table, not monthly partitions: a partitioned table's keys must contain the
 * partition's column, and an `event_id` that is unique within a month only would let an event be recorded twice. What churns
 * (price ticks) is kept for a day, what lasts (trades, positions) is found by indexes that do not grow with the ticks, and
 * vacuum is asked to come early, so that the space of ticks is used again.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE event_log (
      event_id text PRIMARY KEY,
      channel text NOT NULL,
      epoch integer NOT NULL DEFAULT 1,
      sequence bigint,
      event_type text NOT NULL,
      source text NOT NULL,
      occurred_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      data jsonb NOT NULL,
      stream_id text,
      confirmed_at timestamptz,
      published_at timestamptz,
      position_ms bigint NOT NULL DEFAULT floor(extract(epoch FROM clock_timestamp()) * 1000),
      position_seq bigint NOT NULL DEFAULT 0,
      CONSTRAINT event_log_sequence_once UNIQUE (channel, epoch, sequence)
    ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05)`.execute(db);
  // Replay by channel and time, in the order of the stream.
  await sql`CREATE INDEX event_log_replay ON event_log (channel, position_ms, position_seq)`.execute(db);
  // The outbox is nearly always empty, and so is its index.
  await sql`
    CREATE INDEX event_log_outbox ON event_log (channel, epoch, sequence) WHERE published_at IS NULL`.execute(
    db,
  );
  // Retention removes the oldest of a class, whatever channel it came by.
  await sql`
    CREATE INDEX event_log_ticks ON event_log (position_ms) WHERE event_type = 'price_update'`.execute(db);
  await sql`
    CREATE INDEX event_log_records ON event_log (position_ms) WHERE event_type <> 'price_update'`.execute(db);

  await sql`
    CREATE TABLE channel (
      channel text PRIMARY KEY,
      epoch integer NOT NULL DEFAULT 1,
      last_sequence bigint NOT NULL DEFAULT 0
    ) WITH (fillfactor = 50)`.execute(db);

  await sql`
    CREATE TABLE latest_event (
      channel text NOT NULL,
      event_type text NOT NULL,
      token text NOT NULL,
      event_id text NOT NULL,
      sequence bigint,
      source text NOT NULL,
      occurred_at timestamptz NOT NULL,
      data jsonb NOT NULL,
      position_ms bigint NOT NULL,
      position_seq bigint NOT NULL,
      PRIMARY KEY (channel, event_type, token)
    ) WITH (fillfactor = 50)`.execute(db);

  await sql`
    CREATE TABLE candle (
      market text NOT NULL,
      token text NOT NULL,
      interval text NOT NULL CHECK (interval IN ('1s', '1m')),
      time bigint NOT NULL,
      open numeric NOT NULL,
      high numeric NOT NULL,
      low numeric NOT NULL,
      close numeric NOT NULL,
      volume numeric,
      PRIMARY KEY (market, token, interval, time)
    )`.execute(db);
  // Retention goes by age over all tokens.
  await sql`CREATE INDEX candle_age ON candle (interval, time)`.execute(db);
}
