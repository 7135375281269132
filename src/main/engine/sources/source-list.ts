import type { Clock } from '../clock.ts';
import { TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { coinbase, COINBASE_URL } from './coinbase.ts';
import { createJupiterSource, JUPITER_URL } from './jupiter.ts';
import { kraken, KRAKEN_URL } from './kraken.ts';
import { createRecordedSource } from './recorded.ts';
import { readRecording } from './recording.ts';
import { createSimulatedSource } from './simulated.ts';
import type { Source } from './source.ts';
import type { ResolvedToken } from './tokens.ts';
import { createWsSource } from './ws-source.ts';
import type { SocketFactory } from './ws-connection.ts';

/** One chosen source, not yet made. */
export type SourceSpec =
  | { readonly kind: 'jupiter' | 'kraken' | 'coinbase' | 'simulated' }
  | { readonly kind: 'recorded'; readonly file: string };

/** What `auto` stands for: the live sources side by side, the newest acceptable price wins. */
const AUTO: readonly SourceSpec[] = [{ kind: 'jupiter' }, { kind: 'kraken' }, { kind: 'coinbase' }];
const NOT_YET = ['binance', 'pyth'];
const ACCEPTED = 'auto, jupiter, kraken, coinbase, recorded:FILE, simulated, or several with commas between';

/**
 * Reads a list of sources (`auto`, `kraken,coinbase`, `recorded:FILE`). Repetitions are dropped. Throws
 * `SOURCE_NOT_AVAILABLE_YET` or `BAD_SOURCE` (exit code 3) naming the source and what is accepted.
 */
export function parseSources(text: string): SourceSpec[] {
  const specs = new Map<string, SourceSpec>();
  for (const name of text.split(',')) {
    for (const spec of parseOne(name.trim())) {
      specs.set(spec.kind === 'recorded' ? `recorded:${spec.file}` : spec.kind, spec);
    }
  }
  return [...specs.values()];
}

function parseOne(name: string): readonly SourceSpec[] {
  const lower = name.toLowerCase();
  if (lower.startsWith('recorded:') && name.length > 'recorded:'.length) {
    return [{ kind: 'recorded', file: name.slice('recorded:'.length) }];
  }
  switch (lower) {
    case 'auto':
      return AUTO;
    case 'jupiter':
    case 'kraken':
    case 'coinbase':
    case 'simulated':
      return [{ kind: lower }];
  }
  const facts = { source: name };
  if (NOT_YET.includes(lower)) {
    const message = `The source "${lower}" is not available yet. Accepted: ${ACCEPTED}.`;
    throw new TenhertzError('SOURCE_NOT_AVAILABLE_YET', message, { exitCode: 3, facts });
  }
  const problem = lower.startsWith('recorded')
    ? 'A recording needs its file'
    : `Unknown source "${name.slice(0, 80)}"`;
  throw new TenhertzError('BAD_SOURCE', `${problem}. Accepted: ${ACCEPTED}.`, { exitCode: 3, facts });
}

export interface SourceDeps {
  tokens: readonly ResolvedToken[];
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** In place of the venues' own addresses (`TENHERTZ_KRAKEN_URL` and so on): hosts for Jupiter, whole URLs for the others. */
  venueUrls?: { jupiter?: string | undefined; kraken?: string | undefined; coinbase?: string | undefined };
  jupiterApiKey?: string | undefined;
  fetch?: typeof fetch | undefined;
  createSocket?: SocketFactory | undefined;
  /** For the jitter of reconnects; 0 (included) to 1 (excluded). */
  random?: (() => number) | undefined;
  /** The simulated market's seed. */
  seed?: number | undefined;
  /** Recordings start again at their end. */
  loopRecordings?: boolean | undefined;
}

/**
 * Makes the chosen sources; nothing connects before their `start()`. Recordings are read here: see {@link readRecording} for
 * what that throws. A token none of them can price is logged, because its row will stay empty.
 */
export function createSources(specs: readonly SourceSpec[], deps: SourceDeps): Source[] {
  const sources = specs.map(spec => createSource(spec, deps));
  const { tokens, log } = deps;
  const live = specs.map(spec => spec.kind);
  if (!live.includes('simulated') && !live.includes('recorded')) {
    for (const one of tokens) {
      if (live.some(kind => canPrice(kind, one))) continue;
      log.warn({ token: one.token, sources: live }, `none of the chosen sources can price ${one.token}`);
    }
  }
  return sources;
}

/** Whether the source of this name (`kraken`, `recorded:coinbase`) can price a token. */
export function canPrice(source: string, { mint, products }: ResolvedToken): boolean {
  if (source === 'simulated') return true;
  return source === 'jupiter'
    ? mint !== null
    : Object.hasOwn(products, source.slice(source.indexOf(':') + 1));
}

function createSource(spec: SourceSpec, deps: SourceDeps): Source {
  const { venueUrls = {} } = deps;
  switch (spec.kind) {
    case 'jupiter':
      return createJupiterSource({
        ...deps,
        baseUrl: venueUrls.jupiter ?? JUPITER_URL,
        apiKey: deps.jupiterApiKey,
      });
    case 'kraken':
      return createWsSource({ ...deps, venue: kraken, url: venueUrls.kraken ?? KRAKEN_URL });
    case 'coinbase':
      return createWsSource({ ...deps, venue: coinbase, url: venueUrls.coinbase ?? COINBASE_URL });
    case 'simulated':
      return createSimulatedSource(deps);
    case 'recorded':
      return createRecordedSource({
        ...deps,
        recording: readRecording(spec.file),
        loop: deps.loopRecordings,
      });
  }
}
