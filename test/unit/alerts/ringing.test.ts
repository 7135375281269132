import { describe, expect, it } from 'vitest';
import { isQuiet } from '../../../src/main/engine/alerts/quiet.ts';
import { Events, folder, openDesk } from './desk.ts';

const ABOVE = { kind: 'price', token: 'SOL', direction: 'above', level: '150' } as const;
const HOUR = 3_600_000;

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

  it('quiet hours past midnight belong to the day they began on', () => {
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
