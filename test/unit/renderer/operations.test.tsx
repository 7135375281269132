// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EntryView, StreamInfo } from '../../../src/shared/contract.ts';
import { READ_EVERY_MS } from '../../../src/renderer/operations/streams-lookup.ts';
import { tabAfterKey } from '../../../src/renderer/top-bar/tabs.tsx';
import { Monitor, attribute, element, text } from './monitor-harness.tsx';
import { NOON, channelOf, statusOf } from './support.ts';

function streamOf(over: Partial<StreamInfo> = {}): StreamInfo {
  return {
    channel: 'trades:a',
    length: 1_200,
    firstEntryAt: NOON - 60_000,
    lastEntryAt: NOON - 1_000,
    sequence: 1_300,
    dead: 1,
    followed: true,
    groups: [
      {
        name: 'desk:1',
        consumers: 1,
        pending: 0,
        oldestPendingMs: null,
        behind: 0,
        lastDeliveredAt: NOON,
        own: true,
      },
      {
        name: 'bot',
        consumers: 2,
        pending: 3,
        oldestPendingMs: 4_000,
        behind: null,
        lastDeliveredAt: null,
        own: false,
      },
    ],
    ...over,
  };
}

function entriesBefore(newest: number, count: number): EntryView[] {
  return Array.from({ length: count }, (_, index) => ({
    entryId: `${newest - index}-0`,
    at: NOON,
    fields: [
      ['event_type', index === 0 ? 'order_cancelled' : 'trade_executed'],
      ['data', '{"amount":"1"}'],
    ],
  }));
}

const letter = {
  id: '9-0',
  at: NOON,
  reason: 'data is not JSON',
  count: 3,
  entryId: '5-0',
  fields: [['data', '{']],
};

describe('operations', () => {
  let monitor: Monitor;
  const calls = (command: string): unknown[] =>
    monitor.link.calls.filter(call => call.command === command).map(call => call.args);
  const type = async (words: string): Promise<void> => {
    const input = element('.field') as HTMLInputElement;
    await act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, words);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await Promise.resolve();
    });
  };
  const submit = async (): Promise<void> => {
    await act(async () => {
      element('.follow-bar form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
      await vi.advanceTimersByTimeAsync(20);
    });
  };

  beforeEach(async () => {
    monitor = await Monitor.open();
    const { answers } = monitor.link;
    answers['streams.list'] = () => ({
      at: Date.now(),
      streams: [
        streamOf(),
        streamOf({ channel: 'b', followed: false, groups: [], sequence: null, dead: 0, firstEntryAt: null }),
      ],
      complete: false,
    });
    answers['streams.entries'] = ({ before }: { before: string | null }) =>
      before === null ? entriesBefore(100, 50) : entriesBefore(50, 3);
    answers['dead.list'] = () => [letter, { ...letter, id: '8-0', count: 1 }];
    await monitor.first({
      subscription: {
        ...statusOf().subscription,
        patterns: ['trades:*', 'b'],
        channels: [
          channelOf({
            channel: 'trades:a',
            via: ['trades:*'],
            lagMs: 140,
            behind: 12,
            pending: null,
            oldestPendingMs: 2_500,
            gaps: { open: 1, healed: 2, lost: 3 },
            epoch: 2,
          }),
        ],
      },
    });
    await monitor.click('#layout-tab-2');
  });
  afterEach(async () => {
    await monitor.stop();
  });

  it('is the other tab of the screen, reached by mouse and by keys', async () => {
    expect(attribute('#layout-tab-2', 'aria-selected')).toBe('true');
    expect(document.querySelector('.watchlist')).toBeNull();
    await monitor.key('#layout-tab-2', 'x');
    await monitor.key('#layout-tab-2', 'ArrowRight');
    expect(document.querySelector('.watchlist')).not.toBeNull();
    expect([tabAfterKey('ArrowLeft', 0, 3), tabAfterKey('Home', 2, 3), tabAfterKey('End', 0, 3)]).toEqual([
      2, 0, 2,
    ]);
  });

  it('has a line of lag for each channel, from the status', () => {
    const cell = (part: string): string => text(`.lag [data-part="${part}"]`);
    expect(
      ['Applied', 'Lag', 'Behind', 'Pending', 'Oldest pending', 'Gaps open', 'Healed', 'Lost'].map(cell),
    ).toEqual(['1,000', '140 ms', '12', '—', '2.5 s', '1', '2', '3']);
    expect(attribute('.lag [data-part="Lag"]', 'data-warn')).toBe('true');
    expect(attribute('.lag [data-part="Epoch"]', 'data-warn')).toBe('true');
    expect(attribute('.lag table', 'data-freshness')).toBe('fresh');
  });

  it('says that its lag is old when the engine falls silent', async () => {
    await monitor.pass(2_500);
    expect(attribute('.lag table', 'data-freshness')).toBe('stale');
    expect(text('[data-region="lag"] .pane-note')).toMatch(/measured 2\.\d s ago/);
  });

  it('looks at the streams sparingly: every five seconds, at once when asked, never while hidden', async () => {
    expect(calls('streams.list')).toHaveLength(1);
    await monitor.pass(READ_EVERY_MS - 1_500);
    await monitor.click('#layout-tab-0');
    await monitor.click('#layout-tab-2');
    expect(calls('streams.list')).toHaveLength(1);
    expect(text('[data-region="events"] .pane-note')).toMatch(
      /^2 streams, more not looked at · read 3\.\d s ago$/,
    );
    await monitor.pass(2_000);
    expect(calls('streams.list')).toHaveLength(2);
    await monitor.click('[aria-label="Read the list of streams again"]');
    expect(calls('streams.list')).toHaveLength(3);
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    await monitor.pass(20_000);
    expect(calls('streams.list')).toHaveLength(3);
    hidden.mockRestore();
    await monitor.click('#layout-tab-0');
    await monitor.pass(20_000);
    expect(calls('streams.list')).toHaveLength(3);
  });

  it('keeps the last list and says why when it cannot be read', async () => {
    monitor.link.answers['streams.list'] = () => {
      throw new Error('Redis is down');
    };
    await monitor.pass(READ_EVERY_MS + 1_000);
    expect(text('.events-channels > .refusal')).toContain('Redis is down');
    expect(text('.channels')).toContain('trades:a');
  });

  it('shows groups, and entries page by page, unknown types as such', async () => {
    expect(text('[data-group="desk:1"]')).toContain('this desk');
    expect(text('[data-group="bot"]')).toMatch(/23.*4\.0 s.*not counted/);
    expect(document.querySelectorAll('.entry')).toHaveLength(50);
    expect(text('.entry')).toContain('order_cancelledunknown type');
    await monitor.click('.entries-older button');
    expect(calls('streams.entries').at(-1)).toEqual({ channel: 'trades:a', before: '51-0', limit: 50 });
    expect(document.querySelectorAll('.entry')).toHaveLength(53);
    expect(document.querySelector('.entries-older')).toBeNull();
    await monitor.click('.detail-bar button');
    expect(document.querySelectorAll('.entry')).toHaveLength(50);
    monitor.link.answers['streams.entries'] = () => [];
    await monitor.click('tr[data-channel="b"] .channel-name');
    expect(text('.detail')).toMatch(/^bempty.*No consumer group.*No entries/);
  });

  it('follows and lets go, and shows a refusal in its own words', async () => {
    await submit();
    expect(calls('channels.follow')).toEqual([]);
    await type(' prices:* ');
    await submit();
    expect(calls('channels.follow')).toEqual([{ pattern: 'prices:*' }]);
    expect((element('.field') as HTMLInputElement).value).toBe('');
    monitor.link.answers['channels.follow'] = () => {
      throw new Error('a name has no spaces');
    };
    await type('a b');
    await submit();
    expect(text('.follow-bar .refusal')).toBe('a name has no spaces');
    expect(attribute('.field', 'aria-invalid')).toBe('true');
    await monitor.click('[aria-label="Stop following trades:*"]');
    await monitor.click('tr[data-channel="trades:a"] [role="switch"]');
    expect(calls('channels.unfollow')).toEqual([{ pattern: 'trades:*' }, { pattern: 'trades:a' }]);
    await monitor.click('tr[data-channel="b"] [role="switch"]');
    expect(text('.channels-scroll .refusal')).toBe('a name has no spaces');
  });

  it('requeues and drops dead letters once that is confirmed', async () => {
    await monitor.click('#detail-tab-dead');
    expect(text('.dead-letter')).toMatch(/data is not JSONtried 3 times.*entry id5-0data\{/);
    await monitor.click('.dead-letter .chip');
    expect(text('.confirm')).toContain('Put 1 dead letter back into trades:a as new entry?');
    await monitor.key('.confirm', 'Escape');
    expect(document.querySelector('.confirm')).toBeNull();
    await monitor.click('.dead-letter .chip');
    monitor.link.answers['dead.requeue'] = () => ({ count: 1 });
    await monitor.click('.confirm .button');
    expect(calls('dead.requeue')).toEqual([{ channel: 'trades:a', ids: ['9-0'] }]);
    expect(text('.done')).toBe('1 dead letter put back.');
    monitor.link.answers['dead.drop'] = () => {
      throw new Error('Redis is down');
    };
    await monitor.click('.detail-tools .chip:last-of-type');
    expect(text('.confirm')).toContain('Drop 2 dead letters of trades:a for good?');
    await monitor.click('.confirm .button');
    expect(calls('dead.drop')).toEqual([{ channel: 'trades:a', ids: ['9-0', '8-0'] }]);
    expect(text('.detail-scroll .refusal')).toBe('Redis is down');
    monitor.link.answers['dead.list'] = () => [];
    await monitor.click('.detail-tools .chip');
    expect(text('.detail-scroll .pane-empty')).toContain('No dead letters');
  });
});
