import { describe, expect, it } from 'vitest';
import type { PriceView } from '../../../src/shared/contract.ts';
import { bookFill, EMPTY_BOOK, fillOf, writeBook } from '../../../src/shared/positions.ts';
import { Held, holdingKey } from '../../../src/main/engine/alerts/held.ts';
import { Events, folder, openDesk, START } from './desk.ts';

const priced = (timestamp: number): PriceView => ({ token: 'SOL', price: '1', timestamp }) as PriceView;

describe('rules about what does not happen', () => {
  it('notice a price that nobody vouches for any more, once, and again after it came back', async () => {
    const { clock, around, rung, save } = openDesk(folder());
    save({ kind: 'stale', token: 'SOL', afterMs: 5_000 });
    await clock.advance(4_000);
    around.prices.set('SOL', priced(clock.now()));
    await clock.advance(5_000);
    expect(rung).toEqual([]);
    await clock.advance(1_000);
    expect(rung).toMatchObject([{ kind: 'stale', eventId: null, value: '6 s', whileAway: false }]);
    await clock.advance(60_000);
    expect(rung).toHaveLength(1);
    around.prices.set('SOL', priced(clock.now()));
    await clock.advance(7_000);
    expect(rung).toHaveLength(2);
  });

  it('count a token that never had a price from the start of the program', async () => {
    const { clock, rung, save } = openDesk(folder());
    save({ kind: 'stale', token: 'NONE', afterMs: 3_000 });
    await clock.advance(4_000);
    expect(rung).toHaveLength(1);
  });

  it('notice lag, and keep still while it is not known', async () => {
    const { clock, around, rung, save } = openDesk(folder());
    save({ kind: 'lag', aboveMs: 250 });
    await clock.advance(2_000);
    around.lagMs = 250;
    await clock.advance(1_000);
    expect(rung).toEqual([]);
    around.lagMs = 251.4;
    await clock.advance(3_000);
    expect(rung).toMatchObject([{ value: '251 ms' }]);
    around.lagMs = 10;
    await clock.advance(1_000);
    around.lagMs = 1_900;
    await clock.advance(1_000);
    expect(rung).toMatchObject([{}, { value: '2 s', text: 'The desk lags more than 250 ms: 2 s.' }]);
  });

  it('notice each source that goes down, and do not ring again for it after a restart', async () => {
    const dir = folder();
    const { clock, around, rung, save } = openDesk(dir);
    save({ kind: 'source', source: null });
    save({ kind: 'source', source: 'kraken' });
    around.sources = [
      { name: 'kraken', state: 'live' },
      { name: 'coinbase', state: 'down' },
    ];
    await clock.advance(2_000);
    expect(rung).toMatchObject([{ value: 'coinbase is down' }]);
    around.sources = [
      { name: 'kraken', state: 'silent' },
      { name: 'coinbase', state: 'down' },
    ];
    await clock.advance(2_000);
    expect(rung.map(({ value }) => value)).toEqual([
      'coinbase is down',
      'kraken is silent',
      'kraken is silent',
    ]);
    const again = openDesk(dir, clock);
    again.around.sources = around.sources;
    await clock.advance(2_000);
    expect(again.rung).toEqual([]);
  });

  it('end what ends by itself: a cooldown, a snooze', async () => {
    const { alerts, clock, apply, save } = openDesk(folder());
    const events = new Events();
    events.at = clock.now();
    const id = save(
      { kind: 'price', token: 'SOL', direction: 'above', level: '2' },
      { mode: { kind: 'rearm', hysteresis: { unit: 'distance', value: '0' }, cooldownMs: 5_000 } },
    );
    apply([events.price('SOL', '1'), events.price('SOL', '2')]);
    const state = () => alerts.handlers['alerts.list']({}).rules[0]?.state;
    expect(state()).toBe('cooling');
    const { version } = alerts.news;
    await clock.advance(10_000);
    expect(state()).toBe('armed');
    expect(alerts.news.version).toBeGreaterThan(version);
    expect(alerts.news.changedSince(version)).toMatchObject([{ change: { view: { state: 'armed' } } }]);
    alerts.handlers['alerts.remove']({ ids: [id] });
    expect(alerts.news.changedSince(version)).toMatchObject([{ change: { removed: id } }]);
  });
});

describe('rules about positions', () => {
  it('notice one that is opened, changed and closed, by trades', () => {
    const { apply, rung, save } = openDesk(folder());
    const events = new Events();
    for (const change of ['opened', 'closed'] as const)
      save({ kind: 'position', token: null, change, by: '0' });
    save({ kind: 'position', token: 'SOL', change: 'changed', by: '2' });
    apply([
      events.trade('1', '100'),
      events.trade('3', '100'),
      events.trade('1', '100', { action: 'sell' }),
      events.trade('3', '100', { action: 'sell' }),
      events.trade('5', '1', { pair: 'RAY/USDC' }),
      events.event('trade-events', 'trade_executed', { nonsense: true }),
    ]);
    expect(rung.map(({ value }) => value)).toEqual([
      '0 to 1 SOL',
      '1 to 4 SOL',
      '3 to 0 SOL',
      '3 to 0 SOL',
      '0 to 5 RAY',
    ]);
  });

  it('mark the profit to every price, of one token and of all together', () => {
    const { apply, rung, save } = openDesk(folder());
    const events = new Events();
    save({ kind: 'pnl', token: 'SOL', which: 'unrealised', direction: 'above', level: '10' });
    save({ kind: 'pnl', token: null, which: 'total', direction: 'below', level: '-20' });
    apply([
      events.trade('2', '100'),
      events.trade('10', '5', { pair: 'RAY/USDC' }),
      events.price('SOL', '104'),
      events.price('RAY', '5'),
    ]);
    expect(rung).toEqual([]);
    apply([events.price('SOL', '105')]);
    expect(rung).toMatchObject([{ kind: 'pnl', value: '10 USD', token: 'SOL' }]);
    // Ten of SOL won, thirty-one of RAY lost.
    apply([events.price('RAY', '1.9')]);
    expect(rung.at(-1)).toMatchObject({ value: '-21 USD', token: null });
  });

  it('believe the owner where he reports his position, and know it after a restart', () => {
    const dir = folder();
    const desk = openDesk(dir);
    const events = new Events();
    desk.save({ kind: 'pnl', token: 'SOL', which: 'total', direction: 'above', level: '50' });
    desk.save({ kind: 'position', token: 'SOL', change: 'changed', by: '0' });
    desk.apply([events.position('SOL', '3', '49.99'), events.trade('1', '1')]);
    expect(desk.rung).toMatchObject([{ kind: 'position', value: '0 to 3 SOL' }]);
    const again = openDesk(dir);
    again.apply([events.position('SOL', '3', '50')]);
    expect(again.rung).toMatchObject([{ kind: 'pnl', value: '50 USD' }]);
  });

  it('begin with what the desk knows when the first of them is made', () => {
    const desk = openDesk(folder());
    const events = new Events();
    const fill = fillOf({ action: 'buy', token_pair: 'SOL/USDC', amount: '4', price: '10' }, START);
    if (fill === null) throw new Error('no fill');
    desk.around.positions = {
      reports: [events.position('RAY', '7', '1')],
      books: [[holdingKey('trade-events', 'SOL'), { book: writeBook(bookFill(EMPTY_BOOK, fill)) }]],
      prices: [['SOL', '10']],
    };
    desk.save({ kind: 'position', token: null, change: 'closed', by: '0' });
    desk.apply([events.trade('4', '10', { action: 'sell' }), events.position('RAY', '0', '1')]);
    expect(desk.rung.map(({ value }) => value)).toEqual(['4 to 0 SOL', '7 to 0 RAY']);
  });

  it('have no profit in another currency, and take the price of a venue only where there is no other', () => {
    const held = new Held();
    const events = new Events();
    held.take(events.trade('2', '100', { pair: 'SOL/EUR' }));
    expect(held.pnl('SOL', 'total')).toBeNull();
    held.take(events.trade('2', '100', { channel: 'trades:user_1' }));
    held.mark('SOL', '110', false);
    expect(held.pnl('SOL', 'total')?.toFixed()).toBe('20');
    held.mark('SOL', '120', true);
    held.mark('SOL', '90', false);
    expect(held.pnl(null, 'unrealised')?.toFixed()).toBe('40');
    expect(held.take(events.event('position-updates', 'position_update', { token: 'SOL' }))).toBeUndefined();
    expect(held.has('BONK')).toBe(false);
    expect(held.pnl('BONK', 'total')).toBeNull();
    expect(held.kept('nothing')).toBeUndefined();
    for (let index = 0; index < 2_001; index += 1) held.take(events.position(`T${index}`, '1', '1'));
    expect(held.keys()).toHaveLength(2_000);
    expect(held.pnl(null, 'total')?.toFixed()).toBe('2000');
  });
});
