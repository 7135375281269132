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
  /** Makes the sources anew, of what was started; throws what making them throws, and the old ones go on then. */
  renew(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/** Creates the market; nothing connects before {@link Market.start}. */
export function createMarket(make: MakeSources): Market {
  let choice: 'started' | 'simulated' = 'started';
  let sources = make(choice);
  let running = false;
  let kinds = new Set(sources.map(source => marketOf(source.name)));
  const mode = (): MarketMode => {
    if (kinds.has('simulated')) return 'simulated';
    return kinds.has('recorded') ? 'recorded' : 'live';
  };
  const change = async (next: readonly Source[], start: boolean): Promise<void> => {
    const old = sources;
    sources = next;
    kinds = new Set(sources.map(source => marketOf(source.name)));
    if (start) for (const source of sources) source.start();
    await Promise.all(old.map(source => source.stop()));
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
      choice = wanted;
      await change(make(choice), true);
      return true;
    },
    async renew() {
      const next = make('started');
      choice = 'started';
      await change(next, running);
    },
    start() {
      running = true;
      for (const source of sources) source.start();
    },
    async stop() {
      await Promise.all(sources.map(source => source.stop()));
    },
  };
}

/** The market with its watchlist. */
export interface OpenMarket {
  market: Market;
  watchlist: Watchlist;
  /** Makes the sources anew, of other settings; throws what making them throws, and nothing is changed then. */
  change(next: Settings): Promise<void>;
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
): OpenMarket {
  const { settings, log } = deps;
  let inUse = settings;
  let started = parseSources(settings.sources);
  const recorded = started.flatMap(spec => (spec.kind === 'recorded' ? tokensInRecording(spec.file) : []));
  let tokens = resolveTokens(settings.tokens ?? (recorded.length > 0 ? recorded : undefined));
  const market = createMarket(choice =>
    createSources(choice === 'simulated' ? SIMULATED : started, {
      ...deps,
      tokens,
      venueUrls: inUse.venueUrls,
      jupiterApiKey: inUse.jupiterApiKey,
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
  return {
    market,
    watchlist,
    async change(next) {
      const before = { inUse, started };
      inUse = next;
      started = parseSources(next.sources);
      try {
        await market.renew();
      } catch (error) {
        ({ inUse, started } = before);
        throw error;
      }
    },
  };
}

function tokensFrom(settings: Settings, recorded: boolean): TokensFrom {
  if (settings.tokensByFlag === true) return 'flag';
  return recorded && settings.tokens === undefined ? 'recording' : 'settings';
}
