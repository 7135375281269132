import { describe, expect, it } from 'vitest';
import type { AlertDraft } from '../../../src/shared/alerts.ts';
import { createAlerts } from '../../../src/main/engine/alerts/alerts.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { draftOf, Events, folder, openDesk } from './desk.ts';

const ABOVE = { kind: 'price', token: 'SOL', direction: 'above', level: '150' } as const;
const HOUR = 3_600_000;

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

describe('what makes no noise', () => {
  const quietFrom = (from: string, to: string, days: number[] = []) => ({
    quietHours: { enabled: true, zone: 'Europe/Berlin', ranges: [{ from, to, days }] },
  });

  it('is written down all the same, with the reason', () => {
    const desk = openDesk(folder());
    const { handlers } = desk.alerts;
    const events = new Events();
    const now = desk.clock.now();
    const id = desk.save(ABOVE);
    const cross = (): void => desk.apply([events.price('SOL', '149'), events.price('SOL', '151')]);
    handlers['alerts.mute']({ until: now + HOUR });
    cross();
    handlers['alerts.mute']({ until: null });
    // The manual clock stands at 12:00 UTC, which is 13:00 in Berlin in winter.
    handlers['alerts.quiet'](quietFrom('12:30', '13:30'));
    cross();
    handlers['alerts.quiet'](quietFrom('13:01', '13:30'));
    cross();
    handlers['alerts.snooze']({ ids: [id], until: now + HOUR });
    cross();
    expect(handlers['alerts.list']({}).rules[0]).toMatchObject({ state: 'snoozed', fired: 4, suppressed: 3 });
    handlers['alerts.snooze']({ ids: null, until: null });
    cross();
    expect(desk.rung.map(({ suppressed }) => suppressed)).toEqual([
      'mute',
      'quiet hours',
      null,
      'snooze',
      null,
    ]);
  });

  it('a snoozed rule that fires once stays armed', () => {
    const desk = openDesk(folder());
    const events = new Events();
    const id = desk.save(ABOVE, { mode: { kind: 'once' } });
    desk.alerts.handlers['alerts.snooze']({ ids: [id], until: events.at + 10_000 });
    desk.apply([events.price('SOL', '149'), events.price('SOL', '151')]);
    expect(desk.rung).toMatchObject([{ suppressed: 'snooze' }]);
    events.at += 120_000;
    desk.apply([events.price('SOL', '149'), events.price('SOL', '151')]);
    expect(desk.rung).toMatchObject([{}, { suppressed: null }]);
  });

  it('quiet hours past midnight belong to the day they began on', async () => {
    const { isQuiet } = await import('../../../src/main/engine/alerts/quiet.ts');
    const night = { enabled: true, zone: 'UTC', ranges: [{ from: '22:00', to: '07:00', days: [5] }] };
    const at = (text: string): boolean => isQuiet(night, Date.parse(text));
    expect(at('2026-11-20T23:00:00Z')).toBe(true);
    expect(at('2026-11-21T06:59:00Z')).toBe(true);
    expect(at('2026-11-21T07:00:00Z')).toBe(false);
    expect(at('2026-11-21T23:00:00Z')).toBe(false);
    expect(isQuiet({ ...night, enabled: false }, Date.parse('2026-11-20T23:00:00Z'))).toBe(false);
    expect(isQuiet({ ...night, zone: 'Nowhere/At_all' }, Date.parse('2026-11-20T23:00:00Z'))).toBe(true);
  });
});

describe('a test of a rule', () => {
  it('rings as the rule would, counts for nothing, and may be repeated', () => {
    const desk = openDesk(folder());
    const id = desk.save(ABOVE, { name: 'Try' });
    const first = desk.alerts.handlers['alerts.test']({ id });
    const second = desk.alerts.handlers['alerts.test']({ id });
    expect(first.id).not.toBe(second.id);
    expect(desk.rung).toMatchObject([
      { test: true, text: 'Test: SOL rises to 150.', suppressed: null },
      { test: true },
    ]);
    expect(desk.alerts.handlers['alerts.list']({}).rules[0]).toMatchObject({ fired: 0, state: 'armed' });
  });
});

describe('the log', () => {
  it('is read newest first, by page and by rule, and acknowledged in part or whole; a restart keeps it', () => {
    const dir = folder();
    const desk = openDesk(dir);
    const { handlers } = desk.alerts;
    const events = new Events();
    const a = desk.save(ABOVE);
    desk.save({ ...ABOVE, level: '160' });
    desk.apply(['149', '151', '149', '161'].map(price => events.price('SOL', price)));
    const all = handlers['alerts.deliveries']({ before: null, limit: 10, ruleId: null });
    expect(all.map(({ index }) => index)).toEqual([2, 1, 0]);
    expect(handlers['alerts.deliveries']({ before: 2, limit: 1, ruleId: a })).toEqual([all[1]]);
    expect(handlers['alerts.acknowledge']({ ids: [all[0]?.id ?? ''] })).toEqual({ count: 1 });
    expect(desk.alerts.news.summary().unacknowledged).toBe(2);
    expect(handlers['alerts.acknowledge']({ ids: null })).toEqual({ count: 2 });
    expect(handlers['alerts.acknowledge']({ ids: null })).toEqual({ count: 0 });
    const again = openDesk(dir);
    const kept = again.alerts.handlers['alerts.deliveries']({ before: null, limit: 10, ruleId: null });
    expect(kept.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(kept.every(({ acknowledgedAt }) => acknowledgedAt !== null)).toBe(true);
    expect(again.alerts.news.head).toBe(3);
  });

  it('keeps the newest thousand', () => {
    const desk = openDesk(folder());
    const events = new Events();
    desk.save(ABOVE);
    for (let turn = 0; turn < 1_005; turn += 1)
      desk.apply([events.price('SOL', '149'), events.price('SOL', '151')]);
    expect(desk.rung).toHaveLength(1_005);
    expect(desk.alerts.news.delivery(4)).toBeUndefined();
    expect(desk.alerts.news.delivery(5)).toMatchObject({ index: 5 });
    expect(desk.alerts.news.summary().unacknowledged).toBe(1_000);
  });
});
