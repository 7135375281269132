import type { MarketMode, SourceStatus, Token } from '../../shared/contract.ts';
import { marketOf } from '../../shared/freshness.ts';
import type { EngineDeps } from './engine.ts';
import type { Metrics } from './health/metrics.ts';
import { tokensInRecording } from './sources/recording.ts';
import { createSources, parseSources, type SourceSpec } from './sources/source-list.ts';
import type { Source } from './sources/source.ts';
import { resolveTokens } from './sources/tokens.ts';

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
 * The market and the watchlist the settings ask for. Without a list of tokens a recording brings its own products, and
 * everything else the default list. Throws `BAD_SOURCE`, `UNKNOWN_TOKEN` and the like (exit code 3).
 */
export function openMarket(deps: Pick<EngineDeps, 'settings' | 'clock' | 'log'> & { metrics: Metrics }): {
  market: Market;
  tokens: Token[];
} {
  const { settings } = deps;
  const started = parseSources(settings.sources);
  const recorded = started.flatMap(spec => (spec.kind === 'recorded' ? tokensInRecording(spec.file) : []));
  const tokens = resolveTokens(settings.tokens ?? (recorded.length > 0 ? recorded : undefined));
  const market = createMarket(choice =>
    createSources(choice === 'simulated' ? SIMULATED : started, {
      ...deps,
      tokens,
      venueUrls: settings.venueUrls,
      jupiterApiKey: settings.jupiterApiKey,
    }),
  );
  return { market, tokens: tokens.map(({ token }) => token) };
}
