import { describe, expect, it } from 'vitest';
import type { AlertCondition } from '../../../src/shared/alerts.ts';
import { Events, folder, openDesk, type TestDesk } from './desk.ts';

const MOVE: AlertCondition = {
  ...{ kind: 'move', token: 'SOL', direction: 'up', percent: '5' },
  windowMs: 60_000,
};
const volume = (unit: 'base' | 'quote', above: string): AlertCondition => ({
  ...{ kind: 'volume', token: 'SOL', unit, above },
  windowMs: 60_000,
});

const remove = (desk: TestDesk, ...ids: string[]): unknown => desk.alerts.handlers['alerts.remove']({ ids });

describe('rules about a stretch of time', () => {
  it('count what is a trade, and leave out what is none', () => {
    const { apply, rung, save } = openDesk(folder());
    const events = new Events();
    save(volume('base', '10'));
    apply([
      events.trade('9', '150'),
      events.trade('100', '150', { action: 'swap' }),
      events.trade('many', '150'),
      events.trade('100', '150', { pair: 'RAY/USDC' }),
    ]);
    expect(rung).toEqual([]);
    apply([events.trade('2', '150')]);
    expect(rung).toMatchObject([{ kind: 'volume', value: '11' }]);
  });

  it('add up what was paid in dollars alone, but tokens whatever they were paid with', () => {
    const { apply, rung, save } = openDesk(folder());
    const events = new Events();
    save(volume('quote', '100'));
    save(volume('base', '2'));
    apply([events.trade('2', '80', { pair: 'SOL/EUR' })]);
    expect(rung).toEqual([]);
    apply([events.trade('1', '50')]);
    expect(rung).toMatchObject([{ value: '3' }]);
    apply([events.trade('1', '60')]);
    expect(rung).toMatchObject([{ value: '3' }, { value: '110' }]);
  });

  it('take no notice of a price that cannot be read, nor of a token nobody asked about', () => {
    const { apply, rung, save } = openDesk(folder());
    const events = new Events();
    save(MOVE);
    apply([
      events.price('SOL', '100'),
      events.price('SOL', 'much'),
      events.price('RAY', '1'),
      events.price('RAY', '2'),
    ]);
    expect(rung).toEqual([]);
    apply([events.price('SOL', '106')]);
    expect(rung).toMatchObject([{ kind: 'move', value: '+6 %' }]);
  });

  it('share what they have seen: one that is removed takes nothing from another', () => {
    const desk = openDesk(folder());
    const events = new Events();
    const [first, second] = [desk.save(MOVE), desk.save({ ...MOVE, percent: '4' })];
    desk.apply([events.price('SOL', '100')]);
    remove(desk, first);
    desk.apply([events.price('SOL', '106')]);
    expect(desk.rung).toMatchObject([{ ruleId: second }]);
  });

  it.each(['an end in order', 'a crash'])('go on where they were after %s', how => {
    const dir = folder();
    const events = new Events();
    const before = openDesk(dir);
    before.save(MOVE);
    before.save(volume('base', '10'));
    before.apply([events.price('SOL', '100'), events.trade('9', '100')]);
    if (how !== 'a crash') before.alerts.close();
    const after = openDesk(dir, before.clock);
    after.apply([events.price('SOL', '106'), events.trade('2', '106')]);
    expect(after.rung.map(({ kind, value }) => [kind, value])).toEqual([
      ['move', '+6 %'],
      ['volume', '11'],
    ]);
  });

  it.each(['at once', 'after an end in order', 'after a crash'])(
    'begin with nothing when no rule had looked since, %s',
    when => {
      const dir = folder();
      const events = new Events();
      let desk = openDesk(dir);
      const ids = [desk.save(MOVE), desk.save(volume('base', '10'))];
      desk.apply([events.price('SOL', '100'), events.trade('9', '100')]);
      remove(desk, ...ids);
      desk.save(MOVE);
      desk.save(volume('base', '10'));
      if (when !== 'at once') {
        if (when !== 'after a crash') desk.alerts.close();
        desk = openDesk(dir, desk.clock);
      }
      desk.apply([events.price('SOL', '106'), events.trade('2', '106')]);
      expect(desk.rung).toEqual([]);
      desk.apply([events.price('SOL', '112'), events.trade('9', '112')]);
      expect(desk.rung.map(({ kind }) => kind)).toEqual(['move', 'volume']);
    },
  );

  it('compare no simulated price with a live one, also when the program was started anew between them', () => {
    const dir = folder();
    const events = new Events();
    const before = openDesk(dir);
    before.save(MOVE);
    before.apply([events.price('SOL', '100')]);
    before.alerts.close();
    const { apply, rung } = openDesk(dir, before.clock);
    apply([events.price('SOL', '200', { source: 'simulated' })]);
    expect(rung).toEqual([]);
    apply([events.price('SOL', '220', { source: 'simulated' })]);
    expect(rung).toMatchObject([{ kind: 'move', value: '+10 %' }]);
  });
});
