import { describe, expect, it } from 'vitest';
import { entryWords } from '../../../src/renderer/operations/entry-words.ts';

describe('an entry in words', () => {
  it('is read in every dialect', () => {
    const words = (...fields: [string, string][]): unknown[] => {
      const { type, known, data, eventId } = entryWords('trades:a', '5-1', fields);
      return [type, known, data, eventId];
    };
    expect(words(['event_id', 'e'], ['event_type', 'trade_executed'], ['data', '{"a":1}'])).toEqual([
      'trade_executed',
      true,
      '{\n  "a": 1\n}',
      'e',
    ]);
    expect(words(['data', '{"type":"PriceUpdate"}'])[0]).toBe('PriceUpdate');
    expect(words(['data', '{"type":"PriceUpdate"}'])[1]).toBe(true);
    expect(words(['data', '{"type":"limit"}'])[0]).toBeNull();
    expect(words(['data', 'not json'])).toEqual([null, true, 'not json', 'stream:trades:a/5-1']);
    expect(words(['price', '1'], ['type', 'made_up'])).toEqual([
      'made_up',
      false,
      null,
      'stream:trades:a/5-1',
    ]);
    expect(
      entryWords('a', '1-1', [
        ['price', '1'],
        ['x', 'y'],
      ]).preview,
    ).toBe('price=1  x=y');
  });
});
