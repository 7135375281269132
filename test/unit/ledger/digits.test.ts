import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeEntry } from '../../../src/main/engine/events/decode.ts';
import { canonicalJson } from '../../../src/main/engine/ledger/ledger-json.ts';

/** What the ledger is given of an entry with this data. */
function kept(json: string): string {
  const event = decodeEntry('trade-events', '1-1', ['data', json]);
  if ('reason' in event) throw new Error(event.reason);
  return event.text ?? JSON.stringify(event.data);
}

it('the digits of every number survive the way from the stream to the ledger', () => {
  const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      digits(20),
      fc.option(digits(30)),
      fc.option(fc.integer({ min: -40, max: 40 })),
    )
    .map(([sign, whole, fraction, exponent]) => {
      const trimmed = whole.replace(/^0+(?=\d)/, '');
      return `${sign}${trimmed}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`;
    });
  const form = fc.constantFrom(
    (n: string) => n,
    (n: string) => `{"a":${n},"b":[1, ${n}]}`,
    (n: string) => `[{"price": ${n} }]`,
  );
  fc.assert(
    fc.property(number, form, (n, write) => {
      const json = write(n);
      expect(canonicalJson(kept(json))).toBe(canonicalJson(json));
    }),
    { numRuns: 2_000 },
  );
});

it('the text is not kept where it says no more than the value', () => {
  const event = decodeEntry('trade-events', '1-1', [
    'data',
    '{"price":"1.10","n":12.5,"t":"2026-11-21T12:00:00.000Z"}',
  ]);
  expect(event).not.toHaveProperty('text');
  expect(decodeEntry('trade-events', '1-1', ['data', '{"price":1.10}'])).toHaveProperty(
    'text',
    '{"price":1.10}',
  );
});
