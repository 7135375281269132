import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { createProjections } from '../../../src/main/engine/feed/projections.ts';
import { desk, ids, open } from './desk.ts';
import { streamEvent } from './events.ts';

const position = (token: unknown, amount: string, change: Partial<StreamEvent> = {}): StreamEvent =>
  streamEvent({
    channel: 'position-updates',
    type: 'position_update',
    data: { token, amount, pnl: '1.5' },
    ...change,
  });
const amounts = (events: readonly { channel: string; data: unknown }[]): string[] =>
  events.map(({ channel, data }) => {
    const { token, amount } = data as Record<string, string>;
    return `${channel} ${token ?? ''} ${amount ?? ''}`;
  });

describe('positions', () => {
  it('are the newest of each token in each channel, in the order they changed', () => {
    const projections = createProjections();
    projections.apply(
      [
        position('SOL', '1'),
        position('RAY', '5'),
        position('SOL', '7', { channel: 'positions:user_0001' }),
        position('SOL', '2'),
        position('RAY', '0'),
      ],
      'live',
    );
    expect(amounts(projections.positions.newest(1e6).events)).toEqual([
      'positions:user_0001 SOL 7',
      'position-updates SOL 2',
      'position-updates RAY 0',
    ]);
  });

  it('are not replaced by an entry that lies before them in the stream, and not made of one without a token', () => {
    const projections = createProjections();
    const early = position('SOL', '1');
    projections.apply([position('SOL', '2'), early, position('', '3'), position(7, '4')], 'live');
    expect(amounts(projections.positions.newest(1e6).events)).toEqual(['position-updates SOL 2']);
  });

  it('are kept up to 2,000, and up to 4 MiB; those that changed longest ago go first', () => {
    const many = createProjections();
    for (let index = 0; index < 2_500; index += 1) many.apply([position(`T${index}`, '1')], 'live');
    many.apply([position('T500', '2')], 'live');
    const kept = many.positions.newest(1e9).events;
    expect(kept).toHaveLength(2_000);
    expect(amounts(kept.slice(0, 1))).toEqual(['position-updates T501 1']);
    expect(amounts(kept.slice(-1))).toEqual(['position-updates T500 2']);

    const large = createProjections();
    for (let index = 0; index < 10; index += 1) {
      large.apply(
        [position(`T${index}`, '1', { data: { token: `T${index}`, note: 'x'.repeat(1e6) } })],
        'live',
      );
    }
    const { events, bytes } = large.positions.newest(1e9);
    expect(events).toHaveLength(4);
    expect(bytes).toBe(Buffer.byteLength(JSON.stringify(events)) - 1);
  });

  it('come with a snapshot however long ago they were, and never with an update', async () => {
    const { clock, feed, projections } = desk({ snapshotEvents: 10 });
    projections.apply([position('SOL', '1', { eventId: 'old' })], 'snapshot');
    for (let index = 0; index < 50; index += 1) projections.apply([streamEvent()], 'live');
    const window = open(feed, 'at once');
    expect(window.newest()).toMatchObject({ kind: 'snapshot', positions: [{ eventId: 'old' }] });
    expect(ids(window.batches)).not.toContain('old');
    projections.apply([position('SOL', '2', { eventId: 'new' })], 'live');
    await clock.advance(100);
    expect(window.newest()).toMatchObject({ kind: 'update', positions: [], events: [{ eventId: 'new' }] });
  });

  it('take at most half of a snapshot, the newest of them, and the snapshot stays below its limit', () => {
    const { feed, projections } = desk();
    for (let index = 0; index < 1_000; index += 1) projections.apply([position(`T${index}`, '1')], 'live');
    const { frames, newest } = open(feed);
    const { positions, events } = newest();
    const bytes = Buffer.byteLength(JSON.stringify(positions));
    expect(bytes).toBeLessThanOrEqual(32 * 1024 + 1);
    expect(bytes).toBeGreaterThan(31 * 1024);
    expect(positions.length).toBeGreaterThan(100);
    expect(amounts(positions).at(-1)).toBe('position-updates T999 1');
    expect(events.length).toBeGreaterThan(50);
    expect(Buffer.byteLength(frames[0]?.json ?? '')).toBeLessThanOrEqual(64 * 1024);
  });
});
