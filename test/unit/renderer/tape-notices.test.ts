import { describe, expect, it } from 'vitest';
import type { GapView } from '../../../src/shared/contract.ts';
import { HEALED_SHOWN_MS, isTradeChannel, tapeNotices } from '../../../src/renderer/tape/tape-notices.ts';
import { NOON, statusOf } from './support.ts';

const gapOf = (over: Partial<GapView> = {}): GapView => ({
  channel: 'trades:user_0001',
  epoch: 1,
  from: 4_182,
  to: 4_190,
  noticedAt: NOON - 500,
  state: 'healed',
  closedAt: NOON,
  missing: 0,
  healedFrom: 'ledger',
  ...over,
});

function notices(gapsSeen: GapView[], now = NOON, dismissed: ReadonlySet<string> = new Set()): string[] {
  const status = statusOf({ subscription: { ...statusOf().subscription, gapsSeen } });
  return tapeNotices({ status, tradeChannels: new Set(['fills']), startedAnew: null }, dismissed, now).map(
    notice => notice.text,
  );
}

describe('notices over the tape', () => {
  it('tell a gap with its channel, its range and what became of it', () => {
    expect(notices([gapOf()])).toEqual(['Gap healed: trades:user_0001 #4182-4190, 9 events from the ledger']);
    expect(notices([gapOf({ healedFrom: null })])).toEqual([
      'Gap healed: trades:user_0001 #4182-4190, 9 events',
    ]);
    expect(notices([gapOf({ state: 'lost', missing: 3 })])).toEqual([
      'Gap lost: trades:user_0001 #4182-4190, 3 of 9 events are nowhere',
    ]);
    expect(notices([gapOf({ state: 'lost', to: 4_182, missing: 1 })])).toEqual([
      'Gap lost: trades:user_0001 #4182, 1 of 1 event is nowhere',
    ]);
    expect(notices([gapOf({ state: 'open', closedAt: null, missing: 1_200 })])).toEqual([
      'Gap: trades:user_0001 #4182-4190, looking for 1,200 events',
    ]);
  });

  it('are about channels that carry trades', () => {
    expect(notices([gapOf({ channel: 'price-updates' })])).toEqual([]);
    expect(notices([gapOf({ channel: 'fills' })])).toHaveLength(1);
    expect(isTradeChannel('trade-events', new Set())).toBe(true);
  });

  it('let a healed gap go after a while, an open or lost one never', () => {
    const later = NOON + HEALED_SHOWN_MS;
    expect(notices([gapOf()], later)).toEqual([]);
    expect(notices([gapOf({ closedAt: null })], later)).toHaveLength(1);
    expect(notices([gapOf({ state: 'lost' }), gapOf({ state: 'open', closedAt: null })], later)).toHaveLength(
      2,
    );
  });

  it('put the most urgent first, and are put away one by one', () => {
    const status = statusOf({
      subscription: { ...statusOf().subscription, gapsSeen: [gapOf(), gapOf({ from: 1, state: 'lost' })] },
    });
    const screen = { status, tradeChannels: new Set<string>(), startedAnew: { generation: 2, missed: 1 } };
    const all = tapeNotices(screen, new Set(), NOON);
    expect(all.map(notice => notice.kind)).toEqual(['missed', 'lost', 'healed']);
    expect(all[0]?.text).toBe('This window missed 1 event while it did not answer; the list starts anew.');
    const rest = tapeNotices(screen, new Set([all[0]?.key ?? '']), NOON);
    expect(rest.map(notice => notice.kind)).toEqual(['lost', 'healed']);
    expect(tapeNotices({ ...screen, status: null, startedAnew: null }, new Set(), NOON)).toEqual([]);
  });
});
