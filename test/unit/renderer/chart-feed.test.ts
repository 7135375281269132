import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Bar, Batch } from '../../../src/shared/contract.ts';
import { ChartFeed, type ChartPhase } from '../../../src/renderer/chart/chart-feed.ts';
import { admit } from '../../../src/renderer/state/admit.ts';
import { applyBatch } from '../../../src/renderer/state/apply-batch.ts';
import { EMPTY_SCREEN } from '../../../src/renderer/state/screen-state.ts';
import { SeenIds } from '../../../src/shared/seen-ids.ts';
import { NOON, TestLink, barOf, batchOf, snapshotOf } from './support.ts';

const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

/** A chart feed on a real store, with a chart that writes down what it is told. */
function setUp() {
  const link = new TestLink();
  const screen = createStore(() => EMPTY_SCREEN);
  const seen = new SeenIds(100);
  const done: string[] = [];
  const phases: ChartPhase[] = [];
  const closes = (bars: readonly Bar[]): string => bars.map(bar => bar.close).join(' ');
  const feed = new ChartFeed({
    link,
    screen,
    chart: {
      set: bars => done.push(`set ${closes(bars)}`.trim()),
      update: bars => done.push(`update ${closes(bars)}`),
      setDecimals: decimals => done.push(`decimals ${decimals}`),
    },
    onPhase: phase => phases.push(phase),
    onBars: () => {},
  });
  const send = (batch: Batch): void =>
    screen.setState(applyBatch(screen.getState(), admit(batch, seen), NOON), true);
  const second = (offset: number, close: string, token = 'SOL'): Batch =>
    batchOf({ bars: [{ token, ...barOf(NOON + offset * 1_000, close) }] });
  const history = (bars: Bar[]): void => {
    link.answers['chart.bars'] = ({ tokens }: { tokens: string[] }) => ({ [tokens[0] ?? '']: bars });
  };
  return { link, feed, done, phases, send, second, history };
}

describe('the data path of a chart', () => {
  it('asks for nothing before the first snapshot, then loads the past once and follows with updates', async () => {
    const { link, feed, done, phases, send, second, history } = setUp();
    history([barOf(NOON - 1_000, '150.1'), barOf(NOON, '150.2')]);
    feed.show('SOL', '1s');
    expect(link.calls).toEqual([]);
    send(snapshotOf());
    expect(link.calls[0]).toEqual({
      command: 'chart.bars',
      args: { tokens: ['SOL'], interval: '1s', limit: 1_000 },
    });
    await settle();
    expect(phases.at(-1)).toEqual({ phase: 'drawn', message: null });
    send(second(0, '150.3'));
    send(second(1, '150.4'));
    send(batchOf());
    expect(done).toEqual(['set', 'decimals 2', 'set 150.1 150.2', 'update 150.3', 'update 150.4']);
    expect(feed.barAt(NOON)?.close).toBe('150.3');
  });

  it('lays what came live while the past was loading over it', async () => {
    const { feed, done, send, second, history } = setUp();
    history([barOf(NOON - 1_000, '1.0'), barOf(NOON, '1.1')]);
    send(snapshotOf());
    feed.show('SOL', '1s');
    send(second(0, '1.2'));
    send(second(1, '1.3'));
    expect(done).toEqual(['set']);
    await settle();
    expect(done.at(-1)).toBe('set 1.0 1.2 1.3');
  });

  it('adds to the volume of a bar what was traded since it was loaded', async () => {
    const { feed, send, history } = setUp();
    const traded = (volume: string): Batch =>
      batchOf({ bars: [{ token: 'SOL', ...barOf(NOON + 1_000, '1', { volume }) }] });
    history([barOf(NOON, '1', { volume: '7' })]);
    send(snapshotOf());
    feed.show('SOL', '1m');
    send(traded('3'));
    await settle();
    expect(feed.bars.at(-1)?.volume).toBe('7');
    send(traded('3.5'));
    send(batchOf({ bars: [{ token: 'SOL', ...barOf(NOON + 60_000, '1', { volume: '0.1' }) }] }));
    expect(feed.bars.map(bar => bar.volume)).toEqual(['7.5', '0.1']);
  });

  it('sets the chart anew for another token, another interval and a new snapshot, and for nothing else', async () => {
    const { link, feed, done, send, second, history } = setUp();
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
    expect(done.filter(step => step.startsWith('set 7'))).toHaveLength(4);
    expect(done.filter(step => step.startsWith('update'))).toEqual([]);
  });

  it('shows the answer to the last question only', async () => {
    const { link, feed, done, send } = setUp();
    send(snapshotOf());
    link.answers['chart.bars'] = async ({ tokens: [token = ''] }: { tokens: string[] }) => {
      if (token === 'SOL') await settle();
      return { [token]: [barOf(NOON, token === 'SOL' ? '1' : '2')] };
    };
    feed.show('SOL', '1s');
    feed.show('BONK', '1s');
    await settle();
    await settle();
    expect(done.filter(step => /^set \d/.test(step))).toEqual(['set 2']);
  });

  it('says why there is no past and fills as prices come', async () => {
    const { link, feed, done, phases, send, second } = setUp();
    link.answers['chart.bars'] = () => {
      throw new Error('history is being rebuilt');
    };
    send(snapshotOf());
    feed.show('SOL', '1m');
    await settle();
    expect(phases.at(-1)).toEqual({ phase: 'empty', message: 'history is being rebuilt' });
    send(second(0, '5.55'));
    expect(phases.at(-1)).toEqual({ phase: 'drawn', message: null });
    expect(done.at(-1)).toBe('set 5.55');
  });

  it('grows the decimals of the scale with the market and never shrinks them while a token is shown', async () => {
    const { feed, done, send, second, history } = setUp();
    history([barOf(NOON, '0.000030412')]);
    send(snapshotOf());
    feed.show('BONK', '1s');
    await settle();
    send(second(1, '0.0000304125', 'BONK'));
    send(second(2, '0.00003', 'BONK'));
    expect(done.filter(step => step.startsWith('decimals'))).toEqual(['decimals 9', 'decimals 10']);
  });

  it('does nothing more once stopped', async () => {
    const { feed, done, send, second, history } = setUp();
    history([barOf(NOON, '1')]);
    send(snapshotOf());
    feed.show('SOL', '1s');
    feed.stop();
    await settle();
    send(second(1, '2'));
    expect(done).toEqual(['set']);
    feed.show(null, '1s');
    expect(feed.bars).toEqual([]);
  });
});
