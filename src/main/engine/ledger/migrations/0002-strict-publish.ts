import { sql, type Kysely } from 'kysely';

/**
 * The functions that commit events of strict channels. The row of a channel in table `channel` is locked until the
 * transaction ends, so numbers are given in the order of the commits, without gaps: a transaction that is rolled back gives
 * its numbers back.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // One transaction, one round trip: numbers for events of one channel that are not there yet, in order. `floor` is the number
  // Redis has given already. Answers the number of the first new one, and by id what is known of those that are there.
  await sql`
    CREATE FUNCTION tenhertz_commit(p_channel text, p_floor bigint, p_ids text[], p_types text[], p_sources text[],
                                    p_times timestamptz[], p_data text[])
    RETURNS TABLE (first bigint, known jsonb) LANGUAGE plpgsql AS $$
    DECLARE
      n integer := cardinality(p_ids);
      added integer;
      top bigint;
      numbers integer;
      now_ms bigint := floor(extract(epoch FROM clock_timestamp()) * 1000);
    BEGIN
      UPDATE channel c SET last_sequence = greatest(c.last_sequence, p_floor) + n
        WHERE c.channel = p_channel RETURNING c.epoch, c.last_sequence - n INTO numbers, top;
      IF NOT FOUND THEN
        INSERT INTO channel (channel, last_sequence) VALUES (p_channel, 0) ON CONFLICT DO NOTHING;
        UPDATE channel c SET last_sequence = greatest(c.last_sequence, p_floor) + n
          WHERE c.channel = p_channel RETURNING c.epoch, c.last_sequence - n INTO numbers, top;
      END IF;
      INSERT INTO event_log (event_id, channel, epoch, sequence, event_type, source, occurred_at, data, position_ms, position_seq)
        SELECT i.id, p_channel, numbers, top + row_number() OVER (ORDER BY i.ord), i.type, i.source, i.time, i.data::jsonb,
               now_ms, top + row_number() OVER (ORDER BY i.ord)
          FROM unnest(p_ids, p_types, p_sources, p_times, p_data) WITH ORDINALITY i (id, type, source, time, data, ord)
         WHERE NOT EXISTS (SELECT FROM event_log e WHERE e.event_id = i.id);
      GET DIAGNOSTICS added = ROW_COUNT;
      first := top + 1;
      IF added < n THEN
        UPDATE channel c SET last_sequence = c.last_sequence - (n - added) WHERE c.channel = p_channel;
        SELECT jsonb_object_agg(e.event_id, jsonb_build_object('channel', e.channel, 'sequence', e.sequence,
                 'stream_id', e.stream_id, 'published', e.published_at IS NOT NULL))
          INTO known FROM event_log e
         WHERE e.event_id = ANY (p_ids)
           AND (e.channel = p_channel AND e.epoch = numbers AND e.sequence > top) IS NOT TRUE;
      END IF;
      RETURN NEXT;
    END $$`.execute(db);

  // The same for a single event, in half the time. Answers its number, or nothing when the event is there already.
  await sql`
    CREATE FUNCTION tenhertz_commit_one(p_channel text, p_floor bigint, p_id text, p_type text, p_source text,
                                        p_time timestamptz, p_data jsonb, OUT sequence bigint) LANGUAGE plpgsql AS $$
    DECLARE
      numbers integer;
    BEGIN
      UPDATE channel c SET last_sequence = greatest(c.last_sequence, p_floor) + 1
        WHERE c.channel = p_channel RETURNING c.epoch, c.last_sequence INTO numbers, sequence;
      IF NOT FOUND THEN
        INSERT INTO channel (channel, last_sequence) VALUES (p_channel, 0) ON CONFLICT DO NOTHING;
        UPDATE channel c SET last_sequence = greatest(c.last_sequence, p_floor) + 1
          WHERE c.channel = p_channel RETURNING c.epoch, c.last_sequence INTO numbers, sequence;
      END IF;
      INSERT INTO event_log (event_id, channel, epoch, sequence, event_type, source, occurred_at, data, position_seq)
        VALUES (p_id, p_channel, numbers, sequence, p_type, p_source, p_time, p_data, sequence)
        ON CONFLICT (event_id) DO NOTHING;
      IF NOT FOUND THEN
        UPDATE channel c SET last_sequence = c.last_sequence - 1 WHERE c.channel = p_channel;
        sequence := NULL;
      END IF;
    END $$`.execute(db);

  // For other programs: an event of their own transaction, broadcast once that is committed, and never if it is rolled back.
  await sql`
    CREATE FUNCTION tenhertz_append(channel text, event_id text, event_type text, source text, occurred_at timestamptz, data jsonb)
    RETURNS bigint LANGUAGE plpgsql AS $$
    #variable_conflict use_variable
    DECLARE
      numbers integer;
      top bigint;
      there record;
    BEGIN
      IF channel IS NULL OR channel !~ '^[A-Za-z0-9][A-Za-z0-9_.:@/-]{0,127}$' THEN
        RAISE EXCEPTION 'channel cannot be %: use letters, digits and _ . : @ / - (at most 128)', channel USING ERRCODE = '22023';
      ELSIF event_id IS NULL OR event_id !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN
        RAISE EXCEPTION 'event_id cannot be %: give a UUID', event_id USING ERRCODE = '22023';
      ELSIF event_type IS NULL OR event_type !~ '^[^"\\\\[:cntrl:]]{1,128}$' THEN
        RAISE EXCEPTION 'event_type cannot be %: give 1 to 128 characters without quotes or backslashes', event_type USING ERRCODE = '22023';
      ELSIF source IS NULL OR source !~ '^[^"\\\\[:cntrl:]]{1,128}$' THEN
        RAISE EXCEPTION 'source cannot be %: give 1 to 128 characters without quotes or backslashes', source USING ERRCODE = '22023';
      ELSIF data IS NULL OR octet_length(data::text) > 262144 THEN
        RAISE EXCEPTION 'data must be JSON of at most 256 KB' USING ERRCODE = '22023';
      END IF;
      UPDATE channel c SET last_sequence = c.last_sequence + 1
        WHERE c.channel = channel RETURNING c.epoch, c.last_sequence INTO numbers, top;
      IF NOT FOUND THEN
        INSERT INTO channel (channel, last_sequence) VALUES (channel, 0) ON CONFLICT DO NOTHING;
        UPDATE channel c SET last_sequence = c.last_sequence + 1
          WHERE c.channel = channel RETURNING c.epoch, c.last_sequence INTO numbers, top;
      END IF;
      SELECT e.channel, e.sequence INTO there FROM event_log e WHERE e.event_id = event_id;
      IF FOUND THEN
        IF there.channel <> channel THEN
          RAISE EXCEPTION 'event % is recorded in channel % already: give each event an id of its own', event_id, there.channel
            USING ERRCODE = '23505';
        END IF;
        UPDATE channel c SET last_sequence = c.last_sequence - 1 WHERE c.channel = channel;
        RETURN there.sequence;
      END IF;
      INSERT INTO event_log (event_id, channel, epoch, sequence, event_type, source, occurred_at, data, position_seq)
        VALUES (event_id, channel, numbers, top, event_type, source,
                date_trunc('milliseconds', coalesce(occurred_at, clock_timestamp())), data, top);
      RETURN top;
    END $$`.execute(db);

  // New numbers, above `floor`, for committed events nobody has seen, whose own Redis gave to somebody else or which have none.
  await sql`
    CREATE FUNCTION tenhertz_renumber(p_channel text, p_floor bigint, p_ids text[]) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      n integer;
      numbers integer;
      top bigint;
    BEGIN
      INSERT INTO channel (channel, last_sequence) VALUES (p_channel, 0) ON CONFLICT DO NOTHING;
      UPDATE channel c SET last_sequence = greatest(c.last_sequence, p_floor)
        WHERE c.channel = p_channel RETURNING c.epoch, c.last_sequence INTO numbers, top;
      UPDATE event_log e SET epoch = numbers, sequence = top + i.place, position_seq = top + i.place
        FROM (SELECT w.event_id, row_number() OVER (ORDER BY w.sequence, w.received_at, w.event_id) AS place
                FROM event_log w WHERE w.event_id = ANY (p_ids) AND w.channel = p_channel AND w.published_at IS NULL) i
        WHERE e.event_id = i.event_id;
      GET DIAGNOSTICS n = ROW_COUNT;
      UPDATE channel c SET last_sequence = top + n WHERE c.channel = p_channel;
    END $$`.execute(db);

  // What was broadcast, and where it stands in its stream. It can be told again, so its commit need not reach the disk.
  await sql`
    CREATE FUNCTION tenhertz_mark(p_ids text[], p_streams text[], p_ms bigint[], p_seqs bigint[]) RETURNS void
    LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM set_config('synchronous_commit', 'off', true);
      UPDATE event_log e SET published_at = coalesce(e.published_at, clock_timestamp()),
             confirmed_at = coalesce(e.confirmed_at, CASE WHEN i.stream IS NOT NULL THEN clock_timestamp() END),
             stream_id = coalesce(i.stream, e.stream_id),
             position_ms = coalesce(i.ms, e.position_ms), position_seq = coalesce(i.seq, e.position_seq)
        FROM (SELECT * FROM unnest(p_ids, p_streams, p_ms, p_seqs) u (id, stream, ms, seq) ORDER BY u.id) i
       WHERE e.event_id = i.id AND (e.published_at IS NULL OR e.stream_id IS DISTINCT FROM coalesce(i.stream, e.stream_id));
    END $$`.execute(db);
}
