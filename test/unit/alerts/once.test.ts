import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertCondition, AlertMode } from '../../../src/shared/alerts.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { Events, folder, openDesk } from './desk.ts';
import { expectedDeliveries } from './oracle.ts';

const TOKENS = ['SOL', 'RAY', 'BONK'];
const token = fc.constantFrom(...TOKENS);
/** Few different values, so that levels are met exactly and crossed often. */
const price = fc.integer({ min: 1, max: 40 }).map(tenths => (tenths / 10).toFixed(1));

const condition: fc.Arbitrary<AlertCondition> = fc.oneof(
  fc.record({
    kind: fc.constant('price' as const),
    token,
    direction: fc.constantFrom('above' as const, 'below' as const, 'cross' as const),
    level: price,
  }),
  fc.record({
    kind: fc.constant('move' as const),
    token,
    direction: fc.constantFrom('up' as const, 'down' as const, 'either' as const),
    percent: fc.constantFrom('10', '25.5', '100'),
    windowMs: fc.constantFrom(2_000, 10_000, 60_000),
  }),
  fc.record({
    kind: fc.constant('volume' as const),
    token,
    unit: fc.constantFrom('base' as const, 'quote' as const),
    above: fc.constantFrom('3', '10.5'),
    windowMs: fc.constantFrom(2_000, 10_000),
  }),
);
const mode: fc.Arbitrary<AlertMode> = fc.oneof(
  fc.constant({ kind: 'once' as const }),
  fc.record({
    kind: fc.constant('rearm' as const),
    hysteresis: fc.record({
      unit: fc.constantFrom('distance' as const, 'percent' as const),
      value: fc.constantFrom('0', '0.2', '10'),
    }),
    cooldownMs: fc.constantFrom(0, 3_000),
  }),
);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('price' as const), token, value: price }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('trade' as const), token, value: price }) },
);

/** Where a run is cut into batches, and what happens at the cut. */
const cut = fc.record({
  length: fc.integer({ min: 1, max: 12 }),
  end: fc.constantFrom('go on' as const, 'killed' as const, 'closed' as const),
  /** After a restart the stream gives again so many of the events before it, as a snapshot. */
  again: fc.integer({ min: 0, max: 30 }),
});

function eventsOf(
  steps: readonly { kind: 'price' | 'trade'; token: string; value: string }[],
): StreamEvent[] {
  const events = new Events();
  return steps.map(({ kind, token: of, value }) =>
    kind === 'price' ? events.price(of, value) : events.trade('1.5', value, { pair: `${of}/USDC` }),
  );
}

describe('however events are split, given again, and interrupted by restarts', () => {
  it('every rule fires for the same events, each once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(condition, mode), { minLength: 1, maxLength: 12 }),
        fc.array(step, { minLength: 1, maxLength: 120 }),
        fc.array(cut, { minLength: 1, maxLength: 20 }),
        (rules, steps, cuts) => {
          const dir = folder();
          const events = eventsOf(steps);
          let desk = openDesk(dir);
          const ids = rules.map(([one, how]) => desk.save(one, { mode: how }));
          const rung: [string, string | null][] = [];
          let applied = 0;
          for (let turn = 0; applied < events.length; turn += 1) {
            const { length, end, again } = cuts[turn % cuts.length] ?? { length: 1, end: 'go on', again: 0 };
            desk.apply(events.slice(applied, applied + length));
            applied += length;
            rung.push(
              ...desk.rung.splice(0).map((one): [string, string | null] => [one.ruleId, one.eventId]),
            );
            if (end === 'go on') continue;
            // A killed process closes nothing.
            if (end === 'closed') desk.alerts.close();
            desk = openDesk(dir);
            desk.apply(events.slice(Math.max(0, applied - again), applied), 'snapshot');
            expect(desk.rung).toEqual([]);
          }
          const expected = rules.flatMap(([one, how], index) =>
            expectedDeliveries(one, how, events).map(eventId => [ids[index], eventId]),
          );
          expect(rung.map(String).sort()).toEqual(expected.map(String).sort());
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);

  it('a crossing that happened while the program was away is found once, and says so', () => {
    const dir = folder();
    const events = new Events();
    const before = openDesk(dir);
    before.save({ kind: 'price', token: 'SOL', direction: 'above', level: '150' });
    before.apply([events.price('SOL', '149')]);
    const crossing = events.price('SOL', '151');
    const after = openDesk(dir, new ManualClock(events.at + 60_000));
    after.apply([crossing], 'snapshot');
    after.apply([events.price('SOL', '148'), events.price('SOL', '152', { entryTime: events.at + 120_000 })]);
    expect(after.rung).toMatchObject([
      { eventId: crossing.eventId, value: '151', whileAway: true, happenedAt: crossing.entryTime },
      { value: '152', whileAway: false },
    ]);
    expect(after.rung[0]?.text).toContain('while Tenhertz was not running');
  });
});
