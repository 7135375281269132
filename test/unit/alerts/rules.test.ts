import { describe, expect, it } from 'vitest';
import type { AlertDraft } from '../../../src/shared/alerts.ts';
import { createAlerts } from '../../../src/main/engine/alerts/alerts.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { draftOf, Events, folder, openDesk } from './desk.ts';

const ABOVE = { kind: 'price', token: 'SOL', direction: 'above', level: '150' } as const;

describe('the rules of a trader', () => {
  it('can be listed, changed, switched off and on, and removed; a change is there after a restart', () => {
    const dir = folder();
    const desk = openDesk(dir);
    const { handlers } = desk.alerts;
    const id = desk.save(ABOVE, { name: 'Up' });
    const other = desk.save({ kind: 'lag', aboveMs: 500 });
    expect(handlers['alerts.list']({}).rules.map(({ rule }) => rule.id)).toEqual([id, other]);
    handlers['alerts.save']({ draft: { ...draftOf(ABOVE), id, name: 'Up again', note: 'why' } });
    expect(handlers['alerts.enable']({ ids: [id, id], enabled: false })).toEqual({ count: 1 });
    expect(handlers['alerts.enable']({ ids: [id], enabled: false })).toEqual({ count: 0 });
    expect(handlers['alerts.remove']({ ids: [other] })).toEqual({ count: 1 });
    const again = openDesk(dir).alerts.handlers['alerts.list']({}).rules;
    expect(again).toMatchObject([
      { rule: { id, name: 'Up again', note: 'why', enabled: false }, state: 'disabled' },
    ]);
    expect(JSON.stringify(again)).not.toContain('revision');
  });

  it('are refused by name when they are not there, and when there are too many', () => {
    const desk = openDesk(folder());
    const { handlers } = desk.alerts;
    const code = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    const ids = ['nope'];
    expect(code(() => handlers['alerts.remove']({ ids }))).toBe('NO_SUCH_ALERT');
    expect(code(() => handlers['alerts.rearm']({ ids }))).toBe('NO_SUCH_ALERT');
    expect(code(() => handlers['alerts.test']({ id: 'nope' }))).toBe('NO_SUCH_ALERT');
    expect(code(() => handlers['alerts.save']({ draft: { ...draftOf(ABOVE), id: 'nope' } }))).toBe(
      'NO_SUCH_ALERT',
    );
  });

  it('cannot be asked for before their folder is open, nor after it was closed', () => {
    const closed = openDesk(folder());
    closed.alerts.close();
    const never = createAlerts({
      clock: new ManualClock(),
      log: silentLogger,
      price: () => undefined,
      lagMs: () => null,
      sources: () => [],
      positions: () => ({ reports: [], books: [], prices: [] }),
    });
    for (const { handlers } of [closed.alerts, never]) {
      for (const run of [
        () => handlers['alerts.list']({}),
        () => handlers['alerts.save']({ draft: draftOf(ABOVE) }),
        () => handlers['alerts.mute']({ until: 1 }),
        () => handlers['alerts.snooze']({ ids: null, until: 1 }),
        () => handlers['alerts.deliveries']({ before: null, limit: 1, ruleId: null }),
        () => handlers['alerts.acknowledge']({ ids: null }),
      ]) {
        expect(run).toThrow(expect.objectContaining({ code: 'NOT_STARTED' }));
      }
    }
  });

  it('wait for the price to come back when it is past the level already, and say so', () => {
    const desk = openDesk(folder());
    const events = new Events();
    desk.around.prices.set('SOL', { token: 'SOL', price: '160', timestamp: events.at } as never);
    const id = desk.save(ABOVE);
    const view = () => desk.alerts.handlers['alerts.list']({}).rules.find(({ rule }) => rule.id === id);
    expect(view()).toMatchObject({ state: 'armed', waiting: true });
    desk.apply([events.price('SOL', '161')]);
    expect(desk.rung).toEqual([]);
    desk.apply([events.price('SOL', '149.99999999999999999999')]);
    expect(view()).toMatchObject({ waiting: false });
    desk.apply([events.price('SOL', '150')]);
    expect(desk.rung).toMatchObject([{ value: '150', text: 'SOL rises to 150: 150.' }]);
  });

  it('that fire once are done until they are armed by hand', () => {
    const desk = openDesk(folder());
    const events = new Events();
    const id = desk.save(ABOVE, { mode: { kind: 'once' } });
    const prices = (...all: string[]): void => desk.apply(all.map(price => events.price('SOL', price)));
    prices('149', '151', '149', '151');
    expect(desk.rung).toHaveLength(1);
    expect(desk.alerts.handlers['alerts.list']({}).rules[0]).toMatchObject({ state: 'fired', fired: 1 });
    desk.alerts.handlers['alerts.rearm']({ ids: [id] });
    prices('149', '151');
    expect(desk.rung).toHaveLength(2);
  });

  it('begin anew when what they wait for changes, and go on when only their words do', () => {
    const desk = openDesk(folder());
    const events = new Events();
    const id = desk.save(ABOVE);
    desk.apply([events.price('SOL', '149')]);
    desk.alerts.handlers['alerts.save']({ draft: { ...draftOf(ABOVE), id, name: 'Words' } });
    desk.apply([events.price('SOL', '150')]);
    expect(desk.rung).toMatchObject([{ name: 'Words' }]);
    const lower = { ...ABOVE, level: '140' };
    desk.alerts.handlers['alerts.save']({ draft: { ...draftOf(lower), id } });
    desk.apply([events.price('SOL', '151')]);
    expect(desk.rung).toHaveLength(1);
    desk.apply([events.price('SOL', '139'), events.price('SOL', '141')]);
    expect(desk.rung).toHaveLength(2);
  });

  it('rest after they fired: cooldown in the time of events, and the way back', () => {
    const desk = openDesk(folder());
    const events = new Events();
    const mode: AlertDraft['mode'] = {
      kind: 'rearm',
      hysteresis: { unit: 'percent', value: '2' },
      cooldownMs: 10_000,
    };
    desk.save(ABOVE, { mode });
    const prices = (...all: string[]): void => desk.apply(all.map(price => events.price('SOL', price)));
    prices('149', '151', '148', '151');
    expect(desk.rung).toHaveLength(1);
    prices('146', '151');
    // Armed again, and still cooling: it is not rung, and not kept for later either.
    expect(desk.rung).toHaveLength(1);
    events.at += 10_000;
    prices('152', '146', '150');
    expect(desk.rung).toHaveLength(2);
  });

  it('compare prices that differ in their twentieth digit', () => {
    const desk = openDesk(folder());
    const events = new Events();
    desk.save({ ...ABOVE, level: '0.00000123456789012345' });
    desk.apply(['0.00000123456789012344', '0.00000123456789012345'].map(price => events.price('SOL', price)));
    expect(desk.rung).toHaveLength(1);
  });

  it('do not take the way from live to simulated prices for a crossing', () => {
    const desk = openDesk(folder());
    const events = new Events();
    desk.save(ABOVE);
    desk.save({ kind: 'move', token: 'SOL', direction: 'either', percent: '5', windowMs: 60_000 });
    desk.apply([events.price('SOL', '149'), events.price('SOL', '200', { source: 'simulated' })]);
    expect(desk.rung).toEqual([]);
    desk.apply([
      events.price('SOL', '149', { source: 'simulated' }),
      events.price('SOL', '151', { source: 'simulated' }),
    ]);
    expect(desk.rung.map(({ kind }) => kind).sort()).toEqual(['move', 'price']);
  });
});
