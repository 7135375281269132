// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Monitor, attribute, element, text } from './monitor-harness.tsx';
import {
  NOON,
  batchOf,
  eventOf,
  positionEventOf,
  priceOf,
  snapshotOf,
  statusOf,
  tradeEventOf,
} from './support.ts';

/** The ids on the tape, from the top. */
function ids(): (string | null)[] {
  return [...document.querySelectorAll('.trade')].map(row => row.getAttribute('data-event-id'));
}

function trades(from: number, count: number): ReturnType<typeof tradeEventOf>[] {
  return Array.from({ length: count }, (_, index) => tradeEventOf(`t${from + index}`));
}

describe('the panes of the desk', () => {
  let monitor: Monitor;
  beforeEach(async () => {
    // happy-dom lays nothing out: without a height no row would be in sight.
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(220);
    monitor = await Monitor.open();
    await monitor.openHealth();
  });
  afterEach(async () => {
    await monitor.stop();
    vi.restoreAllMocks();
  });

  it('say where trades and positions come from while there are none', async () => {
    expect(document.querySelector('.tape .pane-empty')).toBeNull();
    await monitor.first();
    expect(text('.tape .pane-empty')).toContain('No trades yet. Publish to trade-events or trades:…');
    expect(text('.positions .pane-empty')).toContain('No positions yet. Publish to position-updates');
  });

  it('paint trades newest first and each once, whatever comes again', async () => {
    await monitor.first();
    await monitor.send(batchOf({ events: trades(0, 3) }));
    await monitor.send(batchOf({ events: [...trades(2, 1), ...trades(3, 1)] }));
    expect(ids()).toEqual(['t3', 't2', 't1', 't0']);
    expect(attribute('.tape', 'data-total')).toBe('4');
    const cells = [...element('.trade').querySelectorAll('[role="cell"]')].map(cell => cell.textContent);
    expect(cells).toEqual(['12:00:00.0', 'SOL', 'Buy', '2', '151.5', '$303']);
  });

  it('keep only rows in sight in the page, and turn their elements round', async () => {
    await monitor.first();
    await monitor.send(batchOf({ events: trades(0, 200) }));
    expect(ids().slice(0, 3)).toEqual(['t199', 't198', 't197']);
    expect(ids().length).toBeLessThan(20);
    const elements = new Set(document.querySelectorAll('.trade'));
    await monitor.send(batchOf({ events: trades(200, 1) }));
    expect(ids()[0]).toBe('t200');
    expect([...document.querySelectorAll('.trade')].every(row => elements.has(row))).toBe(true);
  });

  it('hold the tape under the pointer and count what waits', async () => {
    await monitor.first();
    await monitor.send(batchOf({ events: trades(0, 2) }));
    await monitor.point('.tape-body', 'pointerover');
    await monitor.send(batchOf({ events: trades(2, 2) }));
    expect(ids()).toEqual(['t1', 't0']);
    expect(text('.tape-paused')).toContain('Paused · 2 new');
    await monitor.point('.tape-body', 'pointerout');
    expect(ids()).toEqual(['t3', 't2', 't1', 't0']);
    await monitor.click('[aria-label="Pause the trade tape"]');
    await monitor.send(snapshotOf({ events: trades(4, 1) }));
    expect(text('.tape-paused')).toContain('the list started anew');
    await monitor.click('.tape-paused button');
    expect(ids()).toEqual(['t4']);
  });

  it('leave small trades out when asked to', async () => {
    await monitor.first();
    await monitor.send(batchOf({ events: [tradeEventOf('small', { amount: '0.1' })] }));
    await monitor.click('[data-region="tape"] .chip');
    expect(ids()).toEqual([]);
    expect(text('.tape .pane-empty')).toContain('No trade of $100 or more yet');
    await monitor.send(
      batchOf({ events: [tradeEventOf('large', { amount: '50' }), tradeEventOf('tiny', { amount: '0.2' })] }),
    );
    expect(ids()).toEqual(['large']);
    expect(attribute('.trade', 'data-size')).toBe('large');
  });

  it('show what a trade does not say, and other quote currencies by name', async () => {
    await monitor.first();
    await monitor.send(
      batchOf({
        events: [eventOf('bare'), tradeEventOf('pair', { token_pair: 'SOL/BONK', action: 'swap' })],
      }),
    );
    const rows = [...document.querySelectorAll('.trade')].map(row => row.textContent);
    expect(rows).toEqual(['12:00:00.0SOLswap2151.5303 BONK', '12:00:00.0—————']);
  });

  it('tell a gap over the tape until it is put away', async () => {
    const gap = {
      channel: 'trade-events',
      epoch: 1,
      from: 3,
      to: 4,
      noticedAt: NOON,
      state: 'lost' as const,
      closedAt: NOON,
      missing: 2,
      healedFrom: null,
    };
    const subscription = { ...statusOf().subscription, gapsSeen: [gap, { ...gap, from: 1 }] };
    await monitor.first({ subscription });
    expect(text('.tape-notice')).toContain('Gap lost: trade-events #3-4, 2 of 2 events are nowhere · 1 of 2');
    await monitor.click('.tape-notice button');
    expect(text('.tape-notice')).toContain('#1-4');
    await monitor.click('.tape-notice button');
    expect(document.querySelector('.tape-notice')).toBeNull();
    await monitor.send(snapshotOf({ missed: 7 }));
    expect(text('.tape-notice')).toContain('missed 7 events while it did not answer');
  });

  it('value positions at the newest price, exactly, and say how old each number is', async () => {
    await monitor.first();
    await monitor.send(
      batchOf({
        events: [
          positionEventOf('SOL', { amount: '0.3', pnl: '1.1' }, { timestamp: NOON - 61_000 }),
          positionEventOf('RAY', { amount: '-5', pnl: '-3.35' }),
          positionEventOf('ZZZ', { amount: null, pnl: null }, { channel: 'position-updates' }),
        ],
      }),
    );
    const cell = (token: string, part: string): string =>
      `.positions tr[data-token="${token}"] [data-part="${part}"]`;
    expect(
      [...document.querySelectorAll('.positions tbody tr')].map(row => row.getAttribute('data-token')),
    ).toEqual(['SOL', 'RAY', 'ZZZ']);
    expect(text(cell('SOL', 'value'))).toBe('$45.37');
    expect(attribute(cell('SOL', 'value'), 'title')).toBe('45.37044');
    expect(attribute(cell('SOL', 'amount'), 'data-freshness')).toBe('delayed');
    expect(attribute(cell('SOL', 'mark'), 'data-freshness')).toBe('fresh');
    expect(text(cell('RAY', 'pnl'))).toBe('−$3.35');
    expect(text(cell('RAY', 'value'))).toBe('—');
    expect(attribute(cell('RAY', 'mark'), 'data-freshness')).toBe('unavailable');
    expect(text(cell('ZZZ', 'amount')) + text(cell('ZZZ', 'pnl'))).toBe('——');
    expect(text('.position-owner')).toBe('user_0001');
    expect(text('[data-total="pnl"]')).toBe('PnL −$2.25');
    expect(text('[data-total="value"]')).toBe('Value $45.37 partial 2 without a price left out');
    expect(attribute('[data-total="pnl"]', 'data-freshness')).toBe('delayed');
    await monitor.send(batchOf({ prices: [priceOf({ price: '200' })] }));
    expect(text(cell('SOL', 'value'))).toBe('$60.00');
    await monitor.pass(600_000);
    expect(attribute(cell('SOL', 'amount'), 'data-freshness')).toBe('stale');
    expect(attribute(cell('SOL', 'mark'), 'data-freshness')).toBe('stale');
    expect(text(cell('RAY', 'age'))).toContain('10 m 00 s');
  });

  it('say which trades are in no position, and why', async () => {
    const note = (): string | undefined => document.querySelector('.positions-unbooked')?.textContent;
    await monitor.send(snapshotOf({}));
    expect(note()).toBeUndefined();
    const unbooked = { count: 1, channel: 'trades:me', reason: 'has no price' };
    await monitor.send(batchOf({ status: statusOf({ unbooked }) }));
    expect(note()).toBe('A trade is in no position: the newest, in trades:me, has no price.');
    await monitor.send(batchOf({ status: statusOf({ unbooked: { ...unbooked, count: 3 } }) }));
    expect(note()).toContain('3 trades are in no position');
  });

  it('list what components say about themselves, with its age', async () => {
    await monitor.first();
    const say = (component: string, status: string, message: string | null): ReturnType<typeof eventOf> =>
      eventOf(`${component}-${status}`, {
        channel: 'system:events',
        type: 'system_status',
        data: { component, status, message },
      });
    await monitor.send(
      batchOf({ events: [say('supervisor', 'ok', null), say('bot', 'degraded', 'slow quotes')] }),
    );
    expect(text('.components')).toMatch(/^botdegraded.*slow quotessupervisorok/);
    expect(attribute('[data-component="bot"]', 'data-event-id')).toBe('bot-degraded');
    expect(attribute('[data-component="bot"]', 'data-freshness')).toBe('fresh');
    await monitor.pass(61_000);
    expect(attribute('[data-component="bot"]', 'data-freshness')).toBe('delayed');
    await monitor.pass(300_000);
    expect(attribute('[data-component="bot"]', 'data-freshness')).toBe('stale');
  });

  it('ask for the bars again when the market changes, and draw none of the old market', async () => {
    await monitor.first();
    const asked = monitor.link.count('chart.bars');
    monitor.link.answers['chart.bars'] = ({ tokens }: { tokens: string[] }) =>
      Object.fromEntries(tokens.map(token => [token, []]));
    const status = statusOf({ mode: 'simulated' });
    await monitor.send(snapshotOf({ status, prices: [priceOf({ source: 'simulated', price: '99' })] }));
    expect(monitor.link.count('chart.bars')).toBeGreaterThan(asked);
    expect(monitor.chart.told.findLast(step => step.startsWith('set'))).toBe('set 0');
  });
});
