import { describe, expect, it } from 'vitest';
import { differenceLine, shown, type Difference } from '../../../src/main/engine/ledger/difference.ts';
import { NumberRanges } from '../../../src/main/engine/ledger/number-ranges.ts';

const hole: Difference = {
  ...{
    kind: 'hole',
    channel: 'trade-events',
    event_id: null,
    id: null,
    sequence_number: '5',
    detail: 'none',
  },
};

describe('a difference as a line', () => {
  it('names what is known of it', () => {
    expect(differenceLine({ ...hole, sequence_until: '5' })).toBe('hole  trade-events  number 5: none');
    expect(differenceLine({ ...hole, sequence_until: '9' })).toBe('hole  trade-events  numbers 5 to 9: none');
    expect(differenceLine({ ...hole, sequence_number: null, id: '1-0', event_id: 'e' })).toBe(
      'hole  trade-events  entry 1-0, event e: none',
    );
  });

  it('does not let another program steer the terminal', () => {
    expect(differenceLine({ ...hole, detail: '\u001b[31m\n' })).toBe('hole  trade-events  number 5: ?[31m?');
  });

  it('cuts long values', () => {
    expect(shown(null)).toBeNull();
    expect(shown('short')).toBe('short');
    expect(shown('x'.repeat(500))).toBe(`${'x'.repeat(400)}…`);
  });
});

describe('ranges of numbers', () => {
  const rest = (ranges: NumberRanges, from: bigint, to: bigint): string[] =>
    ranges.without(from, to).map(part => `${part.from}-${part.to}`);

  it('gives what is not in them', () => {
    const ranges = new NumberRanges();
    for (const number of [3n, 4n, 8n, 1n]) ranges.add(number);
    expect(rest(ranges, 1n, 10n)).toEqual(['2-2', '5-7', '9-10']);
    expect(rest(ranges, 3n, 4n)).toEqual([]);
    expect(rest(ranges, 4n, 5n)).toEqual(['5-5']);
    expect(rest(ranges, 20n, 20n)).toEqual(['20-20']);
  });

  it('forgets what comes after the most it keeps', () => {
    const ranges = new NumberRanges(1);
    for (const number of [1n, 2n, 5n]) ranges.add(number);
    expect(rest(ranges, 1n, 5n)).toEqual(['3-5']);
  });

  it('counts a number told twice once', () => {
    const ranges = new NumberRanges();
    for (const number of [1n, 1n, 2n, 1n]) ranges.add(number);
    expect(rest(ranges, 1n, 3n)).toEqual(['3-3']);
  });
});
