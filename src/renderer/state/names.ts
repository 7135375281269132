import type { Freshness } from '../../shared/freshness.ts';
import type { SourceStatus, Token } from '../../shared/contract.ts';

/** A source as it is shown: `Kraken`, `Recorded · Coinbase`, `Simulated`. */
export function sourceName(source: string): string {
  return source.split(':').map(capital).join(' · ');
}

/** A token as a pair: `SOL / USD`, `SKL / USD` for `coinbase:SKL-USD`. A symbol is priced in US dollars. */
export function pairName(token: Token): string {
  const [base = token, quote = 'USD'] = productOf(token).split(/[-/]/);
  return `${base} / ${quote}`;
}

/** A token as a row calls it: the symbol, or the product of `venue:product`. */
export function productOf(token: Token): string {
  return token.slice(token.indexOf(':') + 1);
}

/** The state of a source in a word or two. */
export const SOURCE_WORDS: Readonly<Record<SourceStatus['state'], string>> = {
  connecting: 'connecting',
  live: 'live',
  silent: 'silent',
  'rate-limited': 'rate limited',
  refused: 'refused',
  down: 'down',
  ended: 'ended',
  off: 'off',
};

/** A tone colours a dot; words always stand beside it. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'off';

/** The tone of a source's state. */
export const SOURCE_TONES: Readonly<Record<SourceStatus['state'], Tone>> = {
  connecting: 'busy',
  live: 'good',
  silent: 'warn',
  'rate-limited': 'warn',
  refused: 'bad',
  down: 'bad',
  ended: 'warn',
  off: 'off',
};

/** What a screen reader says for a freshness. */
export const FRESHNESS_WORDS: Readonly<Record<Freshness, string>> = {
  fresh: 'fresh',
  delayed: 'delayed',
  stale: 'stale',
  unavailable: 'no price',
};

function capital(word: string): string {
  return word === '' ? word : word.charAt(0).toUpperCase() + word.slice(1);
}
