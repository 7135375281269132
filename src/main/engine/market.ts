import type { MarketMode, SourceStatus, Token } from '../../shared/contract.ts';
import { marketOf } from '../../shared/freshness.ts';
import type { Settings } from './config/settings.ts';
import type { EngineDeps } from './engine.ts';
import type { Metrics } from './health/metrics.ts';
import { tokensInRecording } from './sources/recording.ts';
import { canPrice, createSources, parseSources, type SourceSpec } from './sources/source-list.ts';
import type { Source } from './sources/source.ts';
import { resolveTokens, type ResolvedToken } from './sources/tokens.ts';
import { createWatchlist, type TokensFrom, type Watchlist } from './watchlist.ts';

/** Makes the sources of one choice; called again each time the trader changes it. */
export type MakeSources = (market: 'started' | 'simulated') => readonly Source[];

/** The sources in use now, and the trader's choice between what was started and the simulated market. */
export interface Market {
  sources(): readonly Source[];
  /** What the prices are, for the badge: simulated if any source is, else recorded if any is, else live. */
  mode(): MarketMode;
  /** Whether prices of this kind belong on the screen now. */
  accepts(kind: MarketMode): boolean;
  statuses(): SourceStatus[];
  /** Asks every source for these tokens from now on; what is known of the ones that stay is kept. */
  ask(tokens: readonly ResolvedToken[]): void;
  /** Stops the old sources and starts the new ones; false when they are in use already. */
  use(market: 'live' | 'simulated'): Promise<boolean>;
  start(): void;
  stop(): Promise<void>;
}

/** Creates the market; nothing connects before {@link Market.start}. */
export function createMarket(make: MakeSources): Market {
  let choice: 'started' | 'simulated' = 'started';
  let sources = make(choice);
  let kinds = new Set(sources.map(source => marketOf(source.name)));
  const mode = (): MarketMode => {
    if (kinds.has('simulated')) return 'simulated';
    return kinds.has('recorded') ? 'recorded' : 'live';
  };
  return {
    sources: () => sources,
    mode,
    accepts: kind => kinds.has(kind),
    statuses: () => sources.map(source => source.status()),
    ask(tokens) {
      for (const source of sources) source.ask(tokens);
    },
    async use(market) {
      const wanted = market === 'simulated' ? 'simulated' : 'started';
      if (wanted === choice || (market === 'simulated' && mode() === 'simulated')) return false;
      const old = sources;
      choice = wanted;
      sources = make(choice);
      kinds = new Set(sources.map(source => marketOf(source.name)));
      for (const source of sources) source.start();
      await Promise.all(old.map(source => source.stop()));
      return true;
    },
    start() {
      for (const source of sources) source.start();
    },
    async stop() {
      await Promise.all(sources.map(source => source.stop()));
    },
  };
}

const SIMULATED: readonly SourceSpec[] = [{ kind: 'simulated' }];

/**
 * The market and the watchlist the settings ask for, tied together: what is added to the list is asked of the sources at once.
 * Without a list of tokens a recording brings its own products, and everything else the default list. Throws `BAD_SOURCE`,
 * `UNKNOWN_TOKEN` and the like (exit code 3).
 */
export function openMarket(
  deps: Pick<EngineDeps, 'settings' | 'clock' | 'log'> & {
    metrics: Metrics;
    /** Tokens that were added while running, once the sources have been asked for them. */
    onAdded?: (tokens: readonly Token[]) => void;
  },
): { market: Market; watchlist: Watchlist } {
  const { settings, log } = deps;
  const started = parseSources(settings.sources);
  const recorded = started.flatMap(spec => (spec.kind === 'recorded' ? tokensInRecording(spec.file) : []));
  let tokens = resolveTokens(settings.tokens ?? (recorded.length > 0 ? recorded : undefined));
  const market = createMarket(choice =>
    createSources(choice === 'simulated' ? SIMULATED : started, {
      ...deps,
      tokens,
      venueUrls: settings.venueUrls,
      jupiterApiKey: settings.jupiterApiKey,
    }),
  );
  const watchlist = createWatchlist({
    tokens,
    from: tokensFrom(settings, recorded.length > 0),
    dataDir: settings.dataDir,
    log,
    pricedBy: token => market.sources().flatMap(({ name }) => (canPrice(name, token) ? [name] : [])),
    onChange(next) {
      const before = new Set(tokens.map(({ token }) => token));
      tokens = [...next];
      market.ask(tokens);
      deps.onAdded?.(tokens.flatMap(({ token }) => (before.has(token) ? [] : [token])));
    },
  });
  return { market, watchlist };
}

function tokensFrom(settings: Settings, recorded: boolean): TokensFrom {
  if (settings.tokensByFlag === true) return 'flag';
  return recorded && settings.tokens === undefined ? 'recording' : 'settings';
}
