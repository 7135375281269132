import { describe, expect, it } from 'vitest';
import { canonicalJson, ledgerJson } from '../../../src/main/engine/ledger/ledger-json.ts';

describe('JSON on its way into the ledger', () => {
  it('stays as it is, the digits of its numbers too', () => {
    const text = '{"a": 1.10, "b":12345678901234567890.000000000000001, "c":"\\u00e9 \\ud83d\\ude00 😀"}';
    expect(ledgerJson(text)).toBe(text);
    expect(ledgerJson('{"a":"b"}')).toBe('{"a":"b"}');
  });

  it('loses what jsonb cannot hold: U+0000 and halves of surrogate pairs', () => {
    expect(ledgerJson('"a\\u0000b"')).toBe('"a\uFFFDb"');
    expect(ledgerJson('"\\uD83D x \\uDE00"')).toBe('"\uFFFD x \uFFFD"');
    expect(ledgerJson('"\\ud83d\\ud83d\\ude00"')).toBe('"\uFFFD\\ud83d\\ude00"');
    expect(ledgerJson(JSON.stringify({ '\u0000': '\ud800' }))).toBe('{"\uFFFD":"\uFFFD"}');
  });

  it('keeps a backslash that is followed by the letters of an escape', () => {
    expect(ledgerJson('"\\\\u0000 \\\\\\u0000 \\" \\n"')).toBe('"\\\\u0000 \\\\\uFFFD \\" \\n"');
  });
});

describe('two JSON texts', () => {
  const same = (a: string, b: string): boolean => canonicalJson(a) === canonicalJson(b);

  it('are the same whatever their spaces, the order of their members and the spelling of their numbers', () => {
    expect(same('{"b":[1.0,2e2,-0], "a":"x"}', '{ "a":"\\u0078","b":[1, 200, 0.00] }')).toBe(true);
    expect(same('{"a":1,"a":2}', '{"a":2}')).toBe(true);
    expect(canonicalJson('{"b":null,"a":[true,{"n":"1"},1.50]}')).toBe('{"a":[true,{"n":"1"},1.5],"b":null}');
  });

  it('differ by the last digit of a number, and by text and number', () => {
    expect(same('12345678901234567890.1', '12345678901234567890.2')).toBe(false);
    expect(same('{"a":"1"}', '{"a":1}')).toBe(false);
    expect(same('"n1"', '1')).toBe(false);
    expect(same('[]', '{}')).toBe(false);
    expect(() => canonicalJson('{a}')).toThrow(SyntaxError);
  });

  it('may have any names, those of every object too', () => {
    expect(canonicalJson('{"__proto__":{"x":1},"constructor":2}')).toBe(
      '{"__proto__":{"x":1},"constructor":2}',
    );
  });
});
