import fc from 'fast-check';
import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { checkData } from '../../../src/main/engine/events/event-types.ts';

const AT = Date.UTC(2026, 10, 21, 12);
const GOOD = {
  price_update: { token: 'SOL', price: '101.5', timestamp: '2026-11-21T12:00:00Z' },
  trade_executed: {
    id: 't1',
    action: 'buy',
    token_pair: 'SOL/USDC',
    amount: '2',
    price: '101.5',
    timestamp: AT,
  },
  position_update: { token: 'SOL', amount: '-2.5', pnl: '-0.1', timestamp: AT },
  system_status: { component: 'bot', status: 'ok', message: '', timestamp: AT },
};

describe('the four known types', () => {
  it.each(Object.entries(GOOD))('%s passes as it is, further members included', (type, data) => {
    expect(checkData(type, { ...data, more: [1] }, AT)).toEqual({ ...data, more: [1] });
  });

  it.each(Object.entries(GOOD))('%s without a time gets that of its event', (type, data) => {
    const timestamp = '2026-11-21T12:00:00.000Z';
    expect(checkData(type, { ...data, timestamp: undefined }, AT)).toEqual({ ...data, timestamp });
  });

  it.each([
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    ['3.0412e-6', '0.0000030412'],
    [1e21, '1000000000000000000000'],
    ['007.50', '7.5'],
    ['7.50', '7.50'],
  ])('a price of %j is written as %s', (price, written) => {
    expect(checkData('price_update', { token: 'SOL', price }, AT)).toMatchObject({ price: written });
  });

  it('decimals keep their value and never have an exponent', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-20, max: 1e20, noNaN: true }), value => {
        const { amount } = checkData('position_update', { token: 'X', amount: value, pnl: -value }, AT) as {
          amount: string;
        };
        expect(amount).toMatch(/^\d+(\.\d+)?$/);
        expect(new Decimal(amount).eq(value)).toBe(true);
      }),
    );
  });

  it.each([
    ['price_update', { price: '1' }, 'data.token'],
    ['price_update', { token: '', price: '1' }, 'data.token'],
    ['price_update', { token: 'SOL', price: '0' }, 'data.price'],
    ['price_update', { token: 'SOL', price: 'NaN' }, 'data.price'],
    ['price_update', { token: 'SOL', price: '1e400' }, 'data.price'],
    ['price_update', { token: 'SOL', price: null }, 'data.price'],
    ['price_update', { token: 'SOL', price: '1', timestamp: 'today' }, 'data.timestamp'],
    ['price_update', null, 'data'],
    ['price_update', [], 'data'],
    ['trade_executed', { ...GOOD.trade_executed, amount: '-1' }, 'data.amount'],
    ['trade_executed', { ...GOOD.trade_executed, action: 1 }, 'data.action'],
    ['position_update', { token: 'SOL', amount: '1', pnl: '' }, 'data.pnl'],
    ['system_status', { component: 'bot', status: 'ok' }, 'data.message'],
  ])('%s %j is refused by the name of its field', (type, data, field) => {
    expect(() => checkData(type, data, AT)).toThrow(
      expect.objectContaining({ code: 'BAD_EVENT', exitCode: 2, facts: { field } }),
    );
    expect(() => checkData(type, data, AT)).toThrow(new RegExp(`${field.replace('.', '\\.')} `));
  });

  it('any other type passes through whatever it carries', () => {
    for (const data of [null, 'text', { price: 'x' }]) expect(checkData('my_type', data, AT)).toBe(data);
    expect(checkData('toString', 1, AT)).toBe(1);
  });
});
