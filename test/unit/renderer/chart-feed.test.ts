import { describe, expect, it } from 'vitest';
import { openFeed, settle } from './chart-feed-support.ts';
import { NOON, barOf, batchOf, snapshotOf, statusOf } from './support.ts';

describe('the data path of a chart', () => {
  it('asks for nothing before the first snapshot, then loads the past once and follows with updates', async () => {
    const { link, feed, chart, phases, send, second, history } = openFeed();
    history([barOf(NOON - 1_000, '150.1'), barOf(NOON, '150.2')]);
    feed.show('SOL', '1s');
    expect(link.calls).toEqual([]);
    send(snapshotOf());
    expect(link.calls[0]).toEqual({
      command: 'chart.bars',
      args: { tokens: ['SOL'], interval: '1s', limit: 1_000 },
    });
    await settle();
    expect(phases.at(-1)).toMatchObject({ phase: 'drawn', attached: true, complete: true });
    send(second(0, '150.3'));
    send(second(1, '150.4'));
    send(batchOf());
    expect(chart.told.filter(step => !step.startsWith('now'))).toEqual([
      'set 0',
      'decimals 2',
      'set 2',
      'update 150.3',
      'update 150.4',
    ]);
    expect(feed.window.at(NOON)?.close).toBe('150.3');
  });

  it('sets nothing anew in a thousand live updates', async () => {
    const { feed, chart, send, second, market } = openFeed();
    market(2_000);
    send(snapshotOf());
    feed.show('SOL', '1s');
    await settle();
    const sets = chart.count('set') + chart.count('replace');
    for (let at = 1; at <= 1_000; at += 1) send(second(Math.ceil(at / 10), String(at)));
    expect(chart.count('set') + chart.count('replace')).toBe(sets);
    expect(chart.count('update')).toBe(1_000);
  });

  it('lays what came live while the past was loading over it', async () => {
    const { feed, send, second, history } = openFeed();
    history([barOf(NOON - 1_000, '1.0'), barOf(NOON, '1.1')]);
    send(snapshotOf());
    feed.show('SOL', '1s');
    send(second(0, '1.2'));
    send(second(1, '1.3'));
    expect(feed.window.bars).toEqual([]);
    await settle();
    expect(feed.window.bars.map(bar => bar.close)).toEqual(['1.0', '1.2', '1.3']);
  });

  it('waits with a second that only the answer knows for the batch that tells it', async () => {
    const { feed, send, second, history } = openFeed();
    history([barOf(NOON, '1.1'), barOf(NOON + 1_000, '1.2')]);
    send(snapshotOf());
    send(second(0, '1.1'));
    feed.show('SOL', '1s');
    await settle();
    expect(feed.window.last?.close).toBe('1.1');
    send(second(1, '1.2'));
    expect(feed.window.bars.map(bar => bar.close)).toEqual(['1.1', '1.2']);
  });

  it('sets the chart anew for another token, another interval and a new snapshot, and for nothing else', async () => {
    const { link, feed, chart, send, second, history } = openFeed();
    history([barOf(NOON, '7.00')]);
    send(snapshotOf());
    feed.show('SOL', '1s');
    await settle();
    feed.show('SOL', '1s');
    send(second(0, '9', 'BONK'));
    expect(link.count('chart.bars')).toBe(1);
    feed.show('SOL', '5s');
    await settle();
    send(snapshotOf({ seq: 5 }));
    await settle();
    feed.show('BONK', '5s');
    await settle();
    expect(link.count('chart.bars')).toBe(4);
    expect(chart.count('set 1')).toBe(4);
    expect(chart.count('update')).toBe(0);
  });

  it('shows the answer to the last question only', async () => {
    const { link, feed, chart, send } = openFeed();
    send(snapshotOf());
    link.answers['chart.history'] = () => ({ bars: [], complete: true });
    link.answers['chart.bars'] = async ({ tokens: [token = ''] }: { tokens: string[] }) => {
      if (token === 'SOL') await settle();
      return { [token]: [barOf(NOON, token === 'SOL' ? '1' : '2')] };
    };
    feed.show('SOL', '1s');
    feed.show('BONK', '1s');
    await settle();
    await settle();
    expect(chart.count('set 1')).toBe(1);
    expect(feed.window.last?.close).toBe('2');
  });

  it('grows the decimals of the scale with the market and never shrinks them while a token is shown', async () => {
    const { feed, chart, send, second, history } = openFeed();
    history([barOf(NOON, '0.000030412')]);
    send(snapshotOf());
    feed.show('BONK', '1s');
    await settle();
    send(second(1, '0.0000304125', 'BONK'));
    send(second(2, '0.00003', 'BONK'));
    expect(chart.told.filter(step => step.startsWith('decimals'))).toEqual(['decimals 9', 'decimals 10']);
  });

  it('does nothing more once stopped', async () => {
    const { feed, chart, send, second, history } = openFeed();
    history([barOf(NOON, '1')]);
    send(snapshotOf());
    feed.show('SOL', '1s');
    feed.stop();
    await settle();
    send(second(1, '2'));
    expect(chart.told).toEqual(['set 0', 'now']);
    expect(feed.window.bars).toEqual([]);
  });

  it('is empty for no token, and begins with the first price where there is no past', async () => {
    const { link, feed, chart, phases, send, second, history } = openFeed();
    history([]);
    send(snapshotOf());
    feed.show(null, '1s');
    expect(link.calls).toEqual([]);
    feed.show('SOL', '1s');
    await settle();
    expect(phases.at(-1)?.phase).toBe('empty');
    send(second(1, '2'));
    expect(phases.at(-1)?.phase).toBe('drawn');
    expect(chart.count('set 1')).toBe(1);
  });
});

describe('a past that cannot be had', () => {
  it('is said and tried again, each time after a longer wait, while the chart fills as prices come', async () => {
    const { link, feed, chart, phases, timers, send, second, history } = openFeed();
    link.answers['chart.bars'] = () => Promise.reject(new Error('history is being rebuilt'));
    send(snapshotOf());
    feed.show('SOL', '1s');
    await settle();
    expect(phases.at(-1)).toMatchObject({
      phase: 'empty',
      load: { busy: false, failed: 'history is being rebuilt' },
    });
    send(second(0, '5.55'));
    send(second(1, '5.56'));
    expect(feed.window.bars.map(bar => bar.close)).toEqual(['5.55', '5.56']);
    timers[0]?.run();
    expect(phases.at(-1)?.load).toEqual({ busy: true, failed: 'history is being rebuilt' });
    await settle();
    expect(timers.map(timer => timer.ms)).toEqual([2_000, 5_000]);
    history([barOf(NOON - 1_000, '5.0'), barOf(NOON, '5.1')]);
    feed.retry();
    await settle();
    expect(feed.window.bars.map(bar => bar.close)).toEqual(['5.0', '5.55', '5.56']);
    expect(phases.at(-1)?.load).toEqual({ busy: false, failed: null });
    expect(chart.told.at(-1)).toBe('replace 3 by 1');
    feed.retry();
    expect(link.count('chart.bars')).toBe(3);
  });

  it('does not let go what is drawn when it fails after a snapshot', async () => {
    const { link, feed, phases, send, market } = openFeed();
    market(300);
    send(snapshotOf());
    feed.show('SOL', '1s');
    await settle();
    link.answers['chart.bars'] = () => Promise.reject(new Error('no'));
    send(snapshotOf({ seq: 2 }));
    await settle();
    expect(phases.at(-1)).toMatchObject({ phase: 'drawn', load: { failed: 'no' } });
    expect(feed.window.bars.length).toBeGreaterThan(300);
  });
});

describe('time travel', () => {
  it('puts the bar that was open then together from finer ones', async () => {
    const until = NOON + 90_500;
    const { link, feed, send } = openFeed({ until });
    link.answers['chart.history'] = ({ interval, before }: { interval: string; before: number }) =>
      interval === '1m'
        ? { bars: [barOf(NOON, '1')], complete: true }
        : { bars: [barOf(before - 2_000, '5'), barOf(before - 1_000, '6')], complete: false };
    send(snapshotOf());
    feed.show('SOL', '1m');
    await settle();
    expect(link.count('chart.bars')).toBe(0);
    expect(link.calls.filter(call => call.command === 'chart.history').map(call => call.args)).toEqual([
      { token: 'SOL', interval: '1m', before: NOON + 60_000, limit: 1_000 },
      { token: 'SOL', interval: '1s', before: NOON + 91_000, limit: 31 },
      { token: 'SOL', interval: '1m', before: NOON, limit: 1_000 },
    ]);
    expect(feed.window.bars).toEqual([
      barOf(NOON, '1'),
      barOf(NOON + 60_000, '6', { open: '5', high: '6', low: '5' }),
    ]);
    link.calls.length = 0;
    feed.show('SOL', '1d');
    await settle();
    expect(link.calls.slice(0, 3).map(call => (call.args as { interval: string }).interval)).toEqual([
      '1d',
      '1m',
      '1s',
    ]);
  });
});

describe('bars of another market', () => {
  it('are not joined with those of the one before', async () => {
    const { feed, chart, send, history, market } = openFeed();
    market(2_000);
    send(snapshotOf());
    feed.show('SOL', '1s');
    await settle();
    chart.setSpan({ from: 100, to: 200 });
    history([barOf(NOON, '3')]);
    send(snapshotOf({ seq: 2, status: statusOf({ mode: 'simulated' }) }));
    await settle();
    expect(feed.window.bars).toEqual([barOf(NOON, '3')]);
    expect(chart.told.filter(step => step !== 'now').at(-1)).toBe('set 1');
  });
});
