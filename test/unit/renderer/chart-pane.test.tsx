// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { Charts } from './chart-harness.tsx';
import { NOON, barOf, batchOf, snapshotOf, statusOf, tradeEventOf } from './support.ts';

let charts: Charts;

afterEach(async () => {
  await charts.stop();
  for (const chart of charts.opened) expect(chart.told.at(-1)).toBe('removed');
});

const STAGE = '#chart-1 .chart-stage';

describe('a chart pane', () => {
  it('opens one chart, draws its token at its interval, and follows live seconds', async () => {
    charts = await Charts.open('SOL');
    expect(charts.opened).toHaveLength(1);
    expect(charts.chart.told).toContain('set 2');
    expect(charts.text('.pair')).toBe('SOL / USD');
    expect(charts.text('[data-part="close"]')).toBe('151');
    await charts.send(
      batchOf({ bars: [{ token: 'SOL', ...barOf(NOON + 1_000, '152', { volume: '3.5' }) }] }),
    );
    expect(charts.chart.told.at(-1)).toBe('update 152');
    expect(charts.text('[data-part="volume"]')).toBe('3.5');
  });

  it('hears of its size, and draws nothing while it has none', async () => {
    charts = await Charts.open('SOL');
    await charts.after(0, () => charts.sizes[0]?.(800, 400));
    expect(charts.chart.told.at(-1)).toBe('size 800 400');
    await charts.after(0, () => charts.sizes[0]?.(0, 0));
    await charts.send(batchOf({ bars: [{ token: 'SOL', ...barOf(NOON + 1_000, '152') }] }));
    expect(charts.chart.told.at(-1)).toBe('size 800 400');
    await charts.after(0, () => charts.sizes[0]?.(600, 300));
    expect(charts.chart.told.slice(-2)).toEqual(['size 600 300', 'update 152']);
  });

  it('keeps interval, shape and scale, and can be told by the palette', async () => {
    charts = await Charts.open('SOL');
    await charts.click('.intervals button:nth-of-type(2)');
    const kept = (): object => charts.services.desk.getState().panes['chart-1']?.settings ?? {};
    expect(kept()).toEqual({ interval: '5s' });
    await charts.click('.shape-button');
    await charts.key(STAGE, 'l');
    expect(kept()).toEqual({ interval: '5s', shape: 'line', log: true });
    expect(charts.chart.told).toContain('log');
    const { commands } = charts.services;
    await charts.after(0, () => commands.run('chart.interval-4h'));
    await charts.after(0, () => commands.run('chart.line'));
    expect(kept()).toEqual({ interval: '4h', shape: 'candles', log: true });
  });

  it('shares the crosshair with other charts by time, and the price with those of its token', async () => {
    charts = await Charts.open('SOL', 'SOL', 'BONK');
    const [first, second, third] = charts.opened;
    await charts.after(0, () => first?.movePointer({ time: NOON - 60_000, level: 150.2 }));
    expect(second?.pointed).toEqual({ time: NOON - 60_000, level: 150.2 });
    expect(third?.pointed).toEqual({ time: NOON - 60_000, level: null });
    expect(first?.pointed).toBeNull();
    expect(charts.text('#chart-2 [data-part="close"]')).toBe('150');
    await charts.after(0, () => first?.movePointer({ time: NOON - 600_000, level: 1 }));
    expect(second?.pointed).toBeNull();
    await charts.after(0, () => first?.movePointer(null));
    expect(charts.text('#chart-2 [data-part="close"]')).toBe('151');
  });

  it('moves the crosshair by keyboard, and lets other keys pass', async () => {
    charts = await Charts.open('SOL', 'BONK');
    await charts.key(STAGE, 'ArrowLeft');
    expect(charts.chart.pointed?.time).toBe(NOON);
    await charts.key(STAGE, 'ArrowLeft');
    await charts.key(STAGE, 'ArrowLeft');
    expect(charts.chart.pointed).toEqual({ time: NOON - 60_000, level: 150 });
    expect(charts.opened[1]?.pointed).toEqual({ time: NOON - 60_000, level: null });
    await charts.key(STAGE, 'F6');
    await charts.key(STAGE, 'Escape');
    expect(charts.chart.pointed).toBeNull();
  });

  it('zooms, pans, and comes back to now', async () => {
    charts = await Charts.open('SOL');
    const width = (): number => (charts.chart.span()?.to ?? 0) - (charts.chart.span()?.from ?? 0);
    const before = width();
    const end = charts.chart.span()?.to;
    await charts.key(STAGE, '+');
    expect(width()).toBeCloseTo(before / 1.25);
    expect(charts.chart.span()?.to).toBe(end);
    await charts.key(STAGE, 'PageUp');
    await charts.key(STAGE, '-');
    expect(width()).toBeCloseTo(before);
    expect(document.querySelector('.go-to-now')).not.toBeNull();
    await charts.click('.go-to-now');
    expect(document.querySelector('.go-to-now')).toBeNull();
    await charts.key(STAGE, 'PageDown');
    await charts.key(STAGE, 'Home');
    expect(charts.chart.span()?.from).toBe(-1);
    await charts.key(STAGE, 'f');
    expect(charts.chart.told.at(-1)).toBe('fit');
  });

  it('asks for a date, says when it is none, and goes there', async () => {
    charts = await Charts.open('SOL');
    await charts.key(STAGE, 'g');
    const submit = (): Promise<void> =>
      charts.after(0, () =>
        charts.find('.go-to-date').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
      );
    await submit();
    expect(charts.text('[role="alert"]')).toContain('Write a date');
    const input = charts.find('.go-to-date input') as HTMLInputElement;
    await charts.after(0, () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, '11:59');
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await submit();
    expect(document.querySelector('.go-to-date')).toBeNull();
    expect(((charts.chart.span()?.from ?? 0) + (charts.chart.span()?.to ?? 0)) / 2).toBe(0);
    await charts.key(STAGE, 'g');
    await charts.key('.go-to-date input', 'a');
    await charts.key('.go-to-date input', 'Escape');
    expect(document.querySelector('.go-to-date')).toBeNull();
    await charts.key(STAGE, 'g');
    await charts.click('.go-to-date button[type="button"]');
    expect(document.querySelector('.go-to-date')).toBeNull();
  });

  it('tells its bars in words and as a table', async () => {
    charts = await Charts.open('SOL');
    await charts.after(1_100, () => {});
    expect(charts.text(`${STAGE} p.visually-hidden`)).toContain(
      '2 bars of 1m from Nov 21, 2026, 11:59:00 UTC',
    );
    await charts.key(STAGE, 't');
    await charts.after(1_100, () => {});
    const rows = [...document.querySelectorAll('.bars-table tbody tr')].map(row => row.textContent);
    expect(rows).toEqual([
      'Nov 21, 2026, 12:00:00 UTC151151151151—',
      'Nov 21, 2026, 11:59:00 UTC150150150150—',
    ]);
    await charts.key(STAGE, 't');
    expect(document.querySelector('.bars-table')).toBeNull();
  });

  it('says that history failed and tries again when asked to', async () => {
    charts = await Charts.open('SOL');
    charts.link.answers['chart.bars'] = () => Promise.reject(new Error('The ledger is away.'));
    await charts.click('.intervals button:nth-of-type(2)');
    expect(charts.text('.chart-message')).toContain('No history (The ledger is away).');
    charts.link.answers['chart.bars'] = () => ({ SOL: [barOf(NOON, '9')] });
    await charts.click('.chart-message button');
    expect(document.querySelector('.chart-message')).toBeNull();
  });

  it('says what it is empty of', async () => {
    charts = await Charts.open('SOL');
    charts.link.answers['chart.bars'] = () => ({});
    await charts.send(snapshotOf({ status: statusOf({ tokens: ['RAY'] }) }));
    expect(charts.text('.chart-empty')).toContain('No bars yet');
    await charts.send(snapshotOf({ status: statusOf({ tokens: [] }) }));
    expect(charts.text('.chart-empty')).toContain('the watchlist is empty');
  });

  it('marks own trades', async () => {
    charts = await Charts.open('SOL');
    const own = tradeEventOf('1', {}, { channel: 'trades:user_0001', timestamp: NOON + 500 });
    await charts.send(batchOf({ events: [own] }));
    await charts.after(300, () => {});
    expect(charts.chart.marks).toEqual([{ time: NOON, side: 'buy', words: 'Buy 2', text: '' }]);
  });
});
