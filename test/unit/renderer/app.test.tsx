// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Monitor, attribute, row, text } from './monitor-harness.tsx';
import { NOON, barOf, batchOf, priceOf } from './support.ts';

describe('the monitor', () => {
  let monitor: Monitor;
  beforeEach(async () => {
    monitor = await Monitor.open();
  });
  afterEach(async () => {
    await monitor.stop();
    expect(monitor.link.closed).toBe(true);
  });

  it('shows outlines, not numbers, before the first batch', () => {
    expect(document.querySelectorAll('.watchlist .skeleton-row')).toHaveLength(5);
    expect(text('[data-badge="state"]')).toBe('CONNECTING');
    expect(document.documentElement.dataset['connection']).toBe('connecting');
    expect(monitor.link.count('feed.follow')).toBe(1);
  });

  it('writes prices, changes, ages and event ids, and names the batch painted', async () => {
    await monitor.first();
    expect(text(`${row('SOL')} .price`)).toBe('151.2348');
    expect(attribute(`${row('SOL')} .price`, 'data-event-id')).toBe(priceOf().eventId);
    expect(attribute(`${row('SOL')} .price`, 'data-freshness')).toBe('fresh');
    expect(text(`${row('SOL')} .change`)).toBe('+3.42 %');
    expect(attribute(`${row('SOL')} .change`, 'title')).toContain('146.23 at Nov 21, 2026, 00:00:00 UTC');
    expect(text(`${row('BONK')} .price`)).toBe('0.0₅30412');
    expect(attribute(`${row('BONK')} .price span`, 'title')).toBe('0.0000030412');
    expect(attribute(`${row('BONK')} .change`, 'title')).toContain('not known yet');
    expect(text(`${row('RAY')} .price`)).toBe('—');
    expect(attribute(`${row('RAY')} .price`, 'data-freshness')).toBe('unavailable');
    expect(text('.headline')).toBe('151.2348');
    expect(text('[data-part="close"]')).toBe('151');
    expect(document.documentElement.dataset['seq']).toBe('1');
    expect(monitor.link.calls.filter(call => call.command === 'feed.confirm').map(call => call.args)).toEqual(
      [{ seq: 1 }],
    );
    expect(text('[data-badge="state"]')).toBe('LIVE');
  });

  it('ages its numbers by itself when the engine falls silent, and takes back every claim', async () => {
    await monitor.first();
    await monitor.pass(1_200);
    expect(text(`${row('SOL')} .age`)).toMatch(/^1\.\d s$/);
    expect(document.documentElement.dataset['connection']).toBe('reconnecting');
    expect(text('[data-badge="state"]')).toBe('DISCONNECTED');
    expect(text('[data-status="redis"] .status-value')).toBe('unknown');
    expect(text('.banner')).toContain('The engine does not answer');
    expect(text('[aria-label="Connection"]')).toContain('does not answer');
    await monitor.pass(2_000);
    expect(attribute(`${row('SOL')} .price`, 'data-freshness')).toBe('stale');
    expect(monitor.chart.told.at(-1)).toBe('holds not');
    expect(monitor.link.count('feed.follow')).toBeGreaterThan(1);
    await monitor.pass(8_000);
    expect(document.documentElement.dataset['connection']).toBe('lost');
    await monitor.first();
    expect(document.documentElement.dataset['connection']).toBe('live');
    expect(text('[aria-label="Connection"]')).toBe('Connected to the engine.');
  });

  it('follows the selection by mouse and keyboard, and leaves other keys alone', async () => {
    await monitor.first();
    await monitor.click(`${row('BONK')} th`);
    expect(text('.pair')).toBe('BONK / USD');
    await monitor.key(row('BONK'), 'ArrowDown');
    expect(text('.pair')).toBe('RAY / USD');
    expect(attribute(row('RAY'), 'aria-selected')).toBe('true');
    expect(document.activeElement?.querySelector('th')?.title).toBe('RAY');
    await monitor.key(row('RAY'), 'ArrowUp', { ctrlKey: true });
    await monitor.key(row('RAY'), 'a');
    expect(text('.pair')).toBe('RAY / USD');
    expect(text('.vouched')).toContain('no price yet');
  });

  it('changes interval and shape, and follows the crosshair', async () => {
    await monitor.first();
    await monitor.click('.intervals button:nth-of-type(2)');
    expect(monitor.services.desk.getState().panes['chart-1']?.settings['interval']).toBe('5s');
    await monitor.click('.intervals button:last-of-type');
    expect(monitor.chart.told).toContain('line');
    await monitor.click('.intervals button:last-of-type');
    expect(monitor.services.desk.getState().panes['chart-1']?.settings['shape']).toBe('candles');
    monitor.chart.movePointer({ time: NOON - 5_000, level: 150 });
    expect(text('[data-part="close"]')).toBe('150');
    monitor.chart.movePointer({ time: 12, level: null });
    expect(text('[data-part="close"]')).toBe('151');
    monitor.chart.movePointer(null);
    await act(async () => {
      monitor.chart.setSpan({ from: -100, to: 0 });
      await Promise.resolve();
    });
    await monitor.click('.go-to-now');
    expect(monitor.chart.told.at(-1)).toBe('now');
  });

  it('updates the chart with live seconds instead of setting it anew', async () => {
    await monitor.first();
    const sets = monitor.chart.told.filter(step => step.startsWith('set')).length;
    await monitor.send(
      batchOf({
        bars: [{ token: 'SOL', ...barOf(NOON + 1_000, '152') }],
        prices: [priceOf({ price: '152.0' })],
      }),
    );
    expect(monitor.chart.told.at(-1)).toBe('update 152');
    expect(monitor.chart.told.filter(step => step.startsWith('set'))).toHaveLength(sets);
    expect(text(`${row('SOL')} .price`)).toBe('152.0000');
  });
});
