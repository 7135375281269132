import { describe, expect, it } from 'vitest';
import type { AlertDelivery, AlertView } from '../../../src/shared/alerts.ts';
import { NO_NEWS, type AlertNews, type ChangedRule } from '../../../src/main/engine/alerts/news.ts';
import { desk, open } from './desk.ts';
import { priceEvent } from './events.ts';

/** News that a test writes. */
class TestNews implements AlertNews {
  version = 1;
  head = 0;
  readonly changed: ChangedRule[] = [];
  readonly #deliveries: AlertDelivery[] = [];
  summary = (): ReturnType<AlertNews['summary']> => NO_NEWS.summary();

  changedSince(version: number): ChangedRule[] {
    return this.changed.filter(one => one.version > version);
  }

  delivery(index: number): AlertDelivery | undefined {
    return this.#deliveries.find(one => one.index === index);
  }

  rule(id: string, note = ''): void {
    this.version += 1;
    this.changed.push({ version: this.version, change: { view: { rule: { id, note } } as AlertView } });
  }

  ring(text = 'it rang'): void {
    this.#deliveries.push({ id: `d${this.head}`, index: this.head, text } as AlertDelivery);
    this.head += 1;
  }
}

const ids = (batches: readonly { deliveries: AlertDelivery[] }[]): string[] =>
  batches.flatMap(({ deliveries }) => deliveries.map(({ id }) => id));
const rules = (batches: readonly { alerts: { rules: AlertView[] } | null }[]): string[] =>
  batches.flatMap(({ alerts }) => alerts?.rules.map(({ rule }) => rule.id) ?? []);

describe('alerts in batches', () => {
  it('nothing is said of them while nothing changes, and a delivery comes once, in order', async () => {
    const news = new TestNews();
    const { clock, feed } = desk({ alerts: news });
    news.ring('before the window came');
    const { batches } = open(feed, 'at once');
    expect(batches[0]?.alerts).toMatchObject({ total: 0, rules: [] });
    expect(batches[0]?.deliveries).toEqual([]);
    for (let turn = 0; turn < 5; turn += 1) {
      news.ring();
      news.ring();
      await clock.advance(100);
    }
    await clock.advance(1_000);
    expect(ids(batches)).toEqual(Array.from({ length: 10 }, (_, index) => `d${index + 1}`));
    expect(batches.slice(1).filter(({ alerts }) => alerts !== null)).toEqual([]);
  });

  it('a window that was slow goes on with the delivery after its last, through a fresh snapshot too', async () => {
    const news = new TestNews();
    const { clock, feed } = desk({ alerts: news, patienceMs: 1_000 });
    const { batches } = open(feed);
    news.ring();
    news.ring();
    await clock.advance(1_100);
    expect(batches.at(-1)?.kind).toBe('snapshot');
    expect(ids(batches)).toEqual(['d0', 'd1']);
  });

  it('a thousand rules and a storm of deliveries never make a batch larger than 64 KB, and all arrive', async () => {
    const news = new TestNews();
    const { clock, feed, projections } = desk({ alerts: news });
    for (let index = 0; index < 1_000; index += 1) news.rule(`rule-${index}`, 'n'.repeat(400));
    for (let index = 0; index < 300; index += 1)
      projections.apply([priceEvent(`T${index}`, '1.23456')], 'live');
    const { batches, frames } = open(feed, 'at once');
    for (let index = 0; index < 400; index += 1) news.ring('t'.repeat(300));
    await clock.advance(20_000);
    expect(new Set(rules(batches)).size).toBe(1_000);
    expect(ids(batches)).toHaveLength(400);
    expect(new Set(ids(batches)).size).toBe(400);
    expect(Math.max(...frames.map(({ json }) => Buffer.byteLength(json)))).toBeLessThanOrEqual(64 * 1_024);
  });

  it('rules that went are told by their id, and a delivery that is no longer kept is passed over', async () => {
    const news = new TestNews();
    const { clock, feed } = desk({ alerts: news });
    const { batches } = open(feed, 'at once');
    news.version += 1;
    news.changed.push({ version: news.version, change: { removed: 'gone' } });
    news.head = 7;
    news.ring();
    await clock.advance(100);
    expect(batches.at(-1)?.alerts?.removed).toEqual(['gone']);
    expect(ids(batches)).toEqual(['d7']);
  });
});
