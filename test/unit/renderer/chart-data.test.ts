import { describe, expect, it } from 'vitest';
import { absorbSeconds, drawnFrom } from '../../../src/renderer/chart/chart-data.ts';
import { NOON, barOf } from './support.ts';

const SECOND = 1_000;

describe('laying live seconds over a drawn series', () => {
  it('does nothing when nothing changed', () => {
    expect(absorbSeconds(drawnFrom([barOf(NOON, '1')]), [], '1s').step).toEqual({ kind: 'nothing' });
  });

  it('updates the last bar and appends new ones, oldest first', () => {
    const drawn = drawnFrom([barOf(NOON, '1')]);
    const { drawn: after, step } = absorbSeconds(drawn, [barOf(NOON, '2'), barOf(NOON + SECOND, '3')], '1s');
    expect(step).toEqual({ kind: 'update', bars: [barOf(NOON, '2'), barOf(NOON + SECOND, '3')] });
    expect(after.bars.map(bar => bar.close)).toEqual(['2', '3']);
    expect(drawn.bars.map(bar => bar.close)).toEqual(['1']);
  });

  it('widens the bar of a longer interval by its seconds, whose past it need not know', () => {
    const past = barOf(NOON, '10', { open: '9', high: '12', low: '8' });
    const seconds = [
      barOf(NOON + 3 * SECOND, '13'),
      barOf(NOON + 4 * SECOND, '7'),
      barOf(NOON + 5 * SECOND, '6'),
    ];
    const { step } = absorbSeconds(drawnFrom([past]), seconds, '5s');
    expect(step).toEqual({
      kind: 'update',
      bars: [barOf(NOON, '7', { open: '9', high: '13', low: '7' }), barOf(NOON + 5 * SECOND, '6')],
    });
  });

  it('gives the same bar when a second is told again', () => {
    const first = absorbSeconds(drawnFrom([]), [barOf(NOON, '5'), barOf(NOON + SECOND, '6')], '1m');
    const again = absorbSeconds(first.drawn, [barOf(NOON + SECOND, '6')], '1m');
    expect(again.drawn).toEqual(first.drawn);
  });

  it('counts what was traded in a second once, however often the second is told', () => {
    const past = barOf(NOON, '5', { volume: '10' });
    const told = barOf(NOON + SECOND, '5', { volume: '2.5' });
    const first = absorbSeconds(drawnFrom([past]), [told], '1m', [
      barOf(NOON + SECOND, '5', { volume: '2' }),
    ]);
    expect(first.drawn.bars[0]?.volume).toBe('10.5');
    const more = [barOf(NOON + SECOND, '5', { volume: '2.75' }), barOf(NOON + 2 * SECOND, '5')];
    const again = absorbSeconds(first.drawn, more, '1m', [told]);
    expect(again.drawn.bars[0]?.volume).toBe('10.75');
    expect(absorbSeconds(drawnFrom([]), [told], '1s').drawn.bars).toEqual([told]);
  });

  it('does not let a late second set the close of its bar', () => {
    const { drawn } = absorbSeconds(drawnFrom([]), [barOf(NOON + 2 * SECOND, '5')], '5s');
    const late = absorbSeconds(drawn, [barOf(NOON + SECOND, '9')], '5s');
    expect(late.drawn.bars).toEqual([barOf(NOON, '5', { open: '5', high: '9', low: '5' })]);
  });

  it('sets the chart anew for a second before its last bar, in order', () => {
    const drawn = drawnFrom([barOf(NOON, '1'), barOf(NOON + 2 * SECOND, '3')]);
    const { step } = absorbSeconds(drawn, [barOf(NOON + SECOND, '2')], '1s');
    expect(step.kind).toBe('set');
    expect(step.kind === 'set' && step.bars.map(bar => bar.close)).toEqual(['1', '2', '3']);
  });
});
