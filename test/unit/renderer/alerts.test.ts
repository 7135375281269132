import { describe, expect, it, vi } from 'vitest';
import { describeCondition, lengthWords } from '../../../src/shared/alert-words.ts';
import type { AlertCondition, AlertDelivery, AlertsView, AlertView } from '../../../src/shared/alerts.ts';
import { conditionIn } from '../../../src/renderer/alerts/alert-commands.ts';
import { alertCountWords } from '../../../src/renderer/alerts/alert-words.ts';
import { checkDraft, firstCondition, KINDS } from '../../../src/renderer/alerts/draft-form.ts';
import { readDecimal } from '../../../src/renderer/format/typed-decimal.ts';
import { TEMPLATES } from '../../../src/renderer/alerts/templates.ts';
import { createAlerts, newDraft, NO_ALERTS, priceRules } from '../../../src/renderer/state/alerts.ts';
import { TestLink } from './support.ts';

const PRICE: AlertCondition = { kind: 'price', token: 'SOL', direction: 'above', level: '150' };
const view = (id: string, more: Partial<AlertView> = {}): AlertView => ({
  rule: { ...newDraft(PRICE), id, snoozedUntil: null, createdAt: Number(id.slice(1)), updatedAt: 0 },
  ...{ state: 'armed', until: null, waiting: false, lastFiredAt: null, fired: 0, suppressed: 0 },
  ...more,
});
const said = (more: Partial<AlertsView>): AlertsView => ({
  total: 1,
  counts: NO_ALERTS.counts,
  unacknowledged: 0,
  settings: NO_ALERTS.settings,
  problem: null,
  ...{ rules: [], removed: [] },
  ...more,
});
const delivery = (index: number, more: Partial<AlertDelivery> = {}): AlertDelivery =>
  ({ id: `d${index}`, index, text: 'rang', suppressed: null, ...more }) as AlertDelivery;
const batch = (alerts: AlertsView | null, deliveries: AlertDelivery[] = [], kind = 'update') => ({
  kind: kind as 'update' | 'snapshot',
  alerts,
  deliveries,
});

describe("the screen's alerts", () => {
  it('take rules as they come, let go what went, and begin anew with a snapshot', () => {
    const alerts = createAlerts(new TestLink());
    const ids = (): string[] => [...alerts.store.getState().rules.keys()];
    alerts.receive(batch(said({ rules: [view('r2'), view('r1')] })));
    expect(ids()).toEqual(['r1', 'r2']);
    alerts.receive(batch(null));
    alerts.receive(batch(said({ rules: [view('r3')], removed: ['r1'] })));
    expect(ids()).toEqual(['r2', 'r3']);
    alerts.receive(batch(said({ rules: [view('r9')] }), [], 'snapshot'));
    expect(ids()).toEqual(['r9']);
    expect(priceRules(alerts.store.getState(), 'SOL')).toHaveLength(1);
    expect(priceRules(alerts.store.getState(), 'RAY')).toEqual([]);
  });

  it('ring for each delivery once, show the loud ones, and what came while nobody could be told', async () => {
    const link = new TestLink();
    const rung: number[] = [];
    const alerts = createAlerts(link, ({ index }) => rung.push(index));
    link.answers['alerts.deliveries'] = () => [delivery(1), delivery(0)];
    alerts.receive(batch(said({}), [], 'snapshot'));
    await vi.waitFor(() => expect(alerts.store.getState().log).toHaveLength(2));
    expect(rung).toEqual([]);
    alerts.receive(batch(null, [delivery(2), delivery(3, { suppressed: 'mute' })]));
    alerts.receive(batch(null, [delivery(3, { suppressed: 'mute' })]));
    expect(rung).toEqual([2, 3]);
    expect(alerts.store.getState().ringing.map(({ index }) => index)).toEqual([2]);
    link.answers['alerts.deliveries'] = () => [delivery(5), delivery(4), delivery(3)];
    alerts.receive(batch(said({}), [], 'snapshot'));
    await vi.waitFor(() => expect(rung).toEqual([2, 3, 4, 5]));
    alerts.putAway('d5');
    expect(link.calls.at(-1)).toEqual({ command: 'alerts.acknowledge', args: { ids: ['d5'] } });
    alerts.putAllAway();
    alerts.putAllAway();
    expect(alerts.store.getState().ringing).toEqual([]);
    expect(link.count('alerts.acknowledge')).toBe(2);
  });

  it('say why the log cannot be had', async () => {
    const link = new TestLink();
    link.answers['alerts.deliveries'] = () => {
      throw new Error('not now');
    };
    const alerts = createAlerts(link);
    await alerts.loadLog();
    expect(alerts.store.getState().logProblem).toBe('not now');
  });

  it('move the level of a price rule only, and open the editor with what there is', async () => {
    const link = new TestLink();
    const alerts = createAlerts(link);
    const lag = view('r2');
    lag.rule.condition = { kind: 'lag', aboveMs: 5 };
    alerts.receive(batch(said({ rules: [view('r1'), lag] })));
    await alerts.moveLevel('r1', '151');
    await alerts.moveLevel('r1', '150');
    await alerts.moveLevel('r2', '151');
    await alerts.moveLevel('nope', '151');
    expect(link.count('alerts.save')).toBe(1);
    expect(link.calls.at(-1)?.args).toMatchObject({ draft: { id: 'r1', condition: { level: '151' } } });
    alerts.editRule('nope');
    expect(alerts.store.getState().editing).toBeNull();
    alerts.editRule('r1');
    expect(alerts.store.getState().editing).not.toHaveProperty('createdAt');
    alerts.openEditor({ condition: PRICE, name: 'Mine' });
    expect(alerts.store.getState().editing).toMatchObject({ id: null, name: 'Mine' });
    alerts.closeEditor();
    expect(alerts.store.getState().editing).toBeNull();
  });
});

describe('the form of a rule', () => {
  it.each([
    ['150.25', '150.25'],
    ['1,250.5', '1250.5'],
    [' .5 ', '0.5'],
    ['-.25', '-0.25'],
    ['0.00000001234', '0.00000001234'],
    ['1e5', null],
    ['', null],
    ['12,34', null],
  ])('understands %s as %s', (typed, plain) => expect(readDecimal(typed)).toBe(plain));

  it('begins each kind with something that can be said, and nearly all with something that can be kept', () => {
    for (const { kind } of KINDS) {
      const condition = firstCondition(kind, 'SOL');
      expect(describeCondition(condition)).not.toBe('');
      const { faults } = checkDraft(newDraft(condition));
      expect(Object.keys(faults ?? {}), kind).toEqual(kind === 'price' || kind === 'pnl' ? ['level'] : []);
    }
  });

  it('names each field that is wrong', () => {
    const faulty = (condition: AlertCondition) => Object.keys(checkDraft(newDraft(condition)).faults ?? {});
    expect(faulty({ ...PRICE, token: '', level: '-1' })).toEqual(['token', 'level']);
    expect(faulty({ kind: 'move', token: 'SOL', direction: 'up', percent: '0', windowMs: 10 })).toEqual([
      'percent',
      'window',
    ]);
    expect(faulty({ kind: 'volume', token: 'SOL', unit: 'base', above: 'x', windowMs: 86_400_001 })).toEqual([
      'above',
      'window',
    ]);
    expect(faulty({ kind: 'position', token: null, change: 'changed', by: '-1' })).toEqual(['by']);
    expect(faulty({ kind: 'stale', token: 'SOL', afterMs: Number.NaN })).toEqual(['window']);
    expect(faulty({ kind: 'lag', aboveMs: 0 })).toEqual(['window']);
    const mode = {
      kind: 'rearm' as const,
      hysteresis: { unit: 'percent' as const, value: '-1' },
      cooldownMs: -1,
    };
    const { faults } = checkDraft({ ...newDraft(PRICE), mode, name: 'n'.repeat(121) });
    expect(Object.keys(faults ?? {})).toEqual(['hysteresis', 'cooldown', 'name']);
  });

  it('has templates that begin at the price there is', () => {
    const price = { price: '150' } as never;
    const made = TEMPLATES.map(({ condition }) => describeCondition(condition('SOL', price)));
    expect(made).toContain('SOL rises to 153');
    expect(made).toContain('SOL falls to 147');
    expect(TEMPLATES[0]?.condition('SOL', undefined)).toMatchObject({ level: '' });
  });
});

describe('words about alerts', () => {
  it.each<[AlertCondition, string]>([
    [PRICE, 'SOL rises to 150'],
    [
      { kind: 'move', token: 'SOL', direction: 'either', percent: '5', windowMs: 300_000 },
      'SOL moves up or down 5 % in 5 min',
    ],
    [
      { kind: 'pnl', token: null, which: 'total', direction: 'below', level: '-5' },
      'PnL of all positions goes below -5 USD',
    ],
    [
      { kind: 'pnl', token: 'SOL', which: 'unrealised', direction: 'above', level: '5' },
      'unrealised PnL of SOL goes above 5 USD',
    ],
    [
      { kind: 'volume', token: 'SOL', unit: 'base', above: '9', windowMs: 90_000 },
      'SOL trades more than 9 SOL in 90 s',
    ],
    [
      { kind: 'volume', token: 'SOL', unit: 'quote', above: '9', windowMs: 3_600_000 },
      'SOL trades more than 9 USD in 1 h',
    ],
    [{ kind: 'stale', token: 'SOL', afterMs: 86_400_000 }, 'SOL has no fresh price for 1 d'],
    [{ kind: 'lag', aboveMs: 250 }, 'the desk lags more than 250 ms'],
    [{ kind: 'position', token: 'SOL', change: 'opened', by: '0' }, 'the SOL position is opened'],
    [{ kind: 'position', token: null, change: 'changed', by: '0' }, 'any position changes'],
    [{ kind: 'position', token: null, change: 'changed', by: '3' }, 'any position changes by more than 3'],
    [{ kind: 'source', source: null }, 'a source is down'],
    [{ kind: 'source', source: 'kraken' }, 'source kraken is down'],
  ])('%o is called %s', (condition, words) => expect(describeCondition(condition)).toBe(words));

  it('count', () => {
    const counts = { armed: 2, fired: 1, cooling: 0, snoozed: 3, disabled: 1 };
    expect(alertCountWords(counts, 7)).toBe('2 alerts armed, 1 fired, 3 snoozed');
    expect(alertCountWords({ ...NO_ALERTS.counts, cooling: 1 }, 1)).toBe('1 alert armed');
    expect(alertCountWords(NO_ALERTS.counts, 0)).toBe('no alerts');
    expect(lengthWords(1_500)).toBe('1500 ms');
  });

  it.each([
    ['alert sol above 155', { kind: 'price', token: 'SOL', direction: 'above', level: '155' }],
    ['alert SOL < 1,200.5', { kind: 'price', token: 'SOL', direction: 'below', level: '1200.5' }],
    ['alert sol 140', { kind: 'price', token: 'SOL', direction: 'cross', level: '140' }],
    [
      'alert sol 5% 10m',
      { kind: 'move', token: 'SOL', direction: 'either', percent: '5', windowMs: 600_000 },
    ],
    [
      'alert sol 2.5 %',
      { kind: 'move', token: 'SOL', direction: 'either', percent: '2.5', windowMs: 300_000 },
    ],
    ['alert sol 5% in 48 h', null],
    ['alert sol sideways 5', null],
    ['alert sol above 0', null],
    ['alert nope above 5', null],
    ['sol above 5', null],
  ])('"%s" typed into the palette', (query, condition) => {
    expect(conditionIn(query, { tokens: ['SOL', 'RAY'] })).toEqual(condition);
  });
});
