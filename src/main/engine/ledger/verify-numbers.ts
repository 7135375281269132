import type { Difference } from './difference.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';
import { EPOCHS, GIVEN_AGAIN, HOLES, OLDEST_TICK, OUTBOX, TAKEN, WRONG_ORDER } from './verify-statements.ts';
import type { ChannelCheck } from './verify-pages.ts';

/** A record as these statements give it. */
interface NumberedRow {
  event_id: string;
  sequence: string | null;
  stream_id: string | null;
}

/**
 * Checks the records of one channel by themselves: what waits to be broadcast, numbers that do not rise with the order of the
 * stream, numbers nobody has, and numbers given twice. One moment of the ledger, in pages.
 */
export async function checkNumbers(check: ChannelCheck): Promise<void> {
  const { channel, since, until, signal, report } = check;
  const tell = (kind: Difference['kind'], row: NumberedRow, detail: string): Promise<void> =>
    report({
      kind,
      channel,
      event_id: row.event_id,
      id: row.stream_id,
      sequence_number: row.sequence,
      detail,
    });
  await readSnapshot(check.ledger, async snapshot => {
    const times = [channel, since, until];
    for await (const rows of snapshot.pages<NumberedRow & { position_ms: string }>(OUTBOX, times)) {
      for (const row of rows) {
        const when = new Date(Number(row.position_ms)).toISOString();
        await tell('not_published', row, `committed at ${when} and not broadcast yet`);
      }
    }
    for await (const rows of snapshot.pages<NumberedRow & { before: string }>(WRONG_ORDER, times)) {
      if (signal.aborted) return;
      for (const row of rows) await tell('order', row, `stands after number ${row.before}`);
    }
    for await (const rows of snapshot.pages<NumberedRow & { earlier: string }>(TAKEN, times)) {
      for (const row of rows)
        await tell(
          'duplicate_sequence',
          row,
          `another program gave it; in the ledger it is event ${row.earlier}`,
        );
    }
    const epochs = await snapshot.all<{ epoch: number; lowest: string; highest: string }>(EPOCHS, times);
    for (const { epoch, lowest, highest } of epochs) {
      if (signal.aborted) return;
      const again = await snapshot.all<NumberedRow & { earlier: string }>(GIVEN_AGAIN, [
        channel,
        epoch,
        since,
        until,
      ]);
      for (const row of again) {
        const detail = `was given before, to event ${row.earlier}; the channel's numbers began anew here`;
        await tell('duplicate_sequence', row, detail);
      }
      await checkHoles(check, snapshot, epoch, [lowest, highest]);
    }
  });
}

async function checkHoles(
  { channel, missing, keptSince, since, report }: ChannelCheck,
  snapshot: Snapshot,
  epoch: number,
  [lowest, highest]: readonly [string, string],
): Promise<void> {
  let from = lowest;
  if (since < keptSince('price_update')) {
    // Retention took the older ticks out of the row; among ticks alone nothing is missing before the oldest.
    const [tick] = await snapshot.all<{ sequence: string }>(OLDEST_TICK, [channel, epoch]);
    if (tick !== undefined && BigInt(tick.sequence) > BigInt(from)) from = tick.sequence;
  }
  const holes = snapshot.pages<{ from: string; to: string }>(HOLES, [channel, epoch, from, highest]);
  for await (const rows of holes) {
    for (const hole of rows) {
      for (const part of missing.without(BigInt(hole.from), BigInt(hole.to))) {
        const [first, last] = [String(part.from), String(part.to)];
        await report({
          kind: 'hole',
          channel,
          event_id: null,
          id: null,
          sequence_number: first,
          sequence_until: last,
          detail: first === last ? 'no record has this number' : 'no record has these numbers',
        });
      }
    }
  }
}
