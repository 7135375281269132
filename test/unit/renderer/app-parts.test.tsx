// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useServices } from '../../../src/renderer/app/services.ts';
import { Monitor, attribute, row, text } from './monitor-harness.tsx';
import { NOON, barOf, batchOf, snapshotOf, sourceOf, statusOf } from './support.ts';

describe('the parts around the chart', () => {
  let monitor: Monitor;
  beforeEach(async () => {
    monitor = await Monitor.open();
  });
  afterEach(async () => {
    await monitor.stop();
    expect(monitor.link.closed).toBe(true);
  });

  it('switches the theme, tells the chart and remembers it', async () => {
    const before = document.documentElement.dataset['theme'];
    await monitor.click('.top-tools button[aria-label^="Use the"]');
    const after = document.documentElement.dataset['theme'];
    expect(after).not.toBe(before);
    expect(monitor.chart.told.at(-1)).toBe('colors');
    expect(JSON.parse(localStorage.getItem('tenhertz.look') ?? '{}')).toMatchObject({ theme: after });
  });

  it('shows and hides system health', async () => {
    await monitor.first();
    const shown = (): boolean => document.querySelector('[aria-label="System health"]') !== null;
    expect(shown()).toBe(true);
    await monitor.command('hide.health');
    expect(shown()).toBe(false);
    await monitor.command('open.health');
    expect(shown()).toBe(true);
  });

  it('offers the simulated market when no live source answers, and the way back', async () => {
    const sources = [
      sourceOf({
        state: 'down',
        message: 'no route',
        attempt: 4,
        nextAttemptAt: NOON + 60_000,
        lastHeardAt: null,
        refusedProducts: ['NOPE-USD'],
      }),
    ];
    await monitor.openHealth();
    await monitor.send(snapshotOf({ status: statusOf({ sources }) }));
    expect(text('.banner')).toContain('No live source can be reached');
    expect(text('[data-source="kraken"]')).toMatch(/no route.*NOPE-USD.*never heard.*attempt 5 in/);
    monitor.link.answers['sources.use'] = () => {
      throw new Error('the market is being changed already');
    };
    await monitor.click('.banner button');
    expect(text('.banner-failed')).toContain('being changed already');
    monitor.link.answers['sources.use'] = () => null;
    await monitor.click('.banner button');
    expect(monitor.link.calls.filter(call => call.command === 'sources.use').at(-1)?.args).toEqual({
      market: 'simulated',
    });
    await monitor.first({ mode: 'simulated', sources: [sourceOf({ name: 'simulated' })] });
    expect(text('[data-badge="market"]')).toBe('SIMULATED');
    expect(monitor.chart.told).toContain('watermark SIMULATED');
    await monitor.click('.text-button');
    expect(monitor.link.calls.at(-1)?.args).toEqual({ market: 'live' });
  });

  it('marks system health as old while the engine is silent', async () => {
    const redis = { ...statusOf().redis, state: 'down' as const, message: 'it is being started again' };
    await monitor.first({
      redis,
      updater: { ...statusOf().updater, state: 'waiting', message: 'waits for Redis' },
    });
    await monitor.openHealth();
    await monitor.pass(200);
    expect(text('.health')).toContain('it is being started again');
    expect(text('.banner')).toContain('Redis is gone');
    await monitor.pass(2_500);
    expect(attribute('.health', 'data-current')).toBe('false');
    expect(text('[data-region="health"] .pane-note')).toMatch(/^as of 2\.\d s ago$/);
    expect(attribute('.tile', 'data-freshness')).toBe('stale');
  });

  it('says when there is nothing to watch', async () => {
    await monitor.first({ tokens: [] });
    expect(text('.watchlist .pane-empty')).toContain('No tokens to watch');
    expect(text('.chart-empty')).toContain('the watchlist is empty');
    expect(text('.pair')).toBe('No token');
    expect(text('[data-badge="state"]')).toBe('NO TOKENS');
  });

  it('has an About box with the version and the notice of the chart library', async () => {
    monitor.link.answers['app.info'] = () => ({
      name: 'Tenhertz',
      version: '0.1.0',
      host: 'gateway',
      startedAt: NOON,
    });
    await monitor.click('.about button');
    expect(text('.about-box')).toContain('Tenhertz 0.1.0');
    expect(attribute('.about-box a', 'href')).toBe('https://www.tradingview.com/');
    await monitor.key('.about-box', 'x');
    expect(document.querySelector('.about-box')).not.toBeNull();
    await monitor.key('.about-box', 'Escape');
    expect(document.querySelector('.about-box')).toBeNull();
    monitor.link.answers['app.info'] = () => ({
      name: 'Tenhertz',
      version: '0.1.0',
      host: 'desktop',
      startedAt: NOON,
    });
    await monitor.click('.about button');
    expect(text('.about-box')).toContain('Desktop app');
  });

  it('keeps the sparkline of each token from what was loaded and what came live', async () => {
    await monitor.first();
    await monitor.send(batchOf({ bars: [{ token: 'SOL', ...barOf(NOON + 5_000, '149') }] }));
    expect(attribute(`${row('SOL')} .sparkline path`, 'd')).toMatch(
      /^M[\d.]+ [\d.]+L[\d.]+ [\d.]+L76\.0 21\.0$/,
    );
  });

  it('writes ages at once when the page becomes visible again', async () => {
    await monitor.first();
    vi.setSystemTime(NOON + 700);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(text(`${row('SOL')} .age`)).toBe('0.7 s');
  });
});

describe('components outside the monitor', () => {
  it('say what they need', () => {
    function Lost(): null {
      useServices();
      return null;
    }
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
    const root = createRoot(document.createElement('div'), { onUncaughtError: () => {} });
    expect(() => act(() => root.render(<Lost />))).toThrow(/ServicesContext/);
    errors.mockRestore();
  });
});
