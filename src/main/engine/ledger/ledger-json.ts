import { Decimal } from 'decimal.js';

/** A pair of surrogates; a character `jsonb` cannot hold, written as an escape; any other escape. */
const ESCAPES = /\\u(?:d[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(0000|d[89a-f][0-9a-f]{2}))|\\[^u]/gi;
/** Texts and numbers of a JSON text, the only places where either can stand. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/**
 * Makes JSON text fit for PostgreSQL's `jsonb`, which takes neither the character U+0000 nor half a surrogate pair: each becomes
 * U+FFFD, the sign for what cannot be shown. Everything else stays as it is, the digits of numbers too. Whoever compares a
 * stream with the ledger puts the stream's data through this first.
 */
export function ledgerJson(json: string): string {
  if (!json.includes('\\u')) return json;
  return json.replace(ESCAPES, (escape: string, bad: string | undefined) =>
    bad === undefined ? escape : '\uFFFD',
  );
}

/**
 * One spelling for all JSON texts that mean the same: no white space, members in order of their names (of a repeated name the
 * last counts, as in `jsonb`), numbers as plain decimals without needless zeros, to the last digit. For comparing only.
 *
 * @throws SyntaxError for a text that is not JSON
 */
export function canonicalJson(json: string): string {
  // Numbers become texts, marked apart from what was a text before: parsing them would round them.
  const marked = json.replace(TOKENS, token =>
    token.startsWith('"') ? `"s${token.slice(1)}` : `"n${plain(token)}"`,
  );
  return write(JSON.parse(marked));
}

function plain(number: string): string {
  const decimal = new Decimal(number);
  return decimal.isZero() ? '0' : decimal.toFixed();
}

function write(value: unknown): string {
  if (typeof value === 'string')
    return value.startsWith('n') ? value.slice(1) : JSON.stringify(value.slice(1));
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name.slice(1))}:${write(member)}`).join(',')}}`;
}
