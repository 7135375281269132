import type { Settings } from './config/settings.ts';
import type { Feed } from './feed/feed.ts';
import { setLogLevel, type Logger } from './logger.ts';
import type { Pools } from './pools.ts';
import type { Running } from './running.ts';
import { createSettingsDesk, type SettingsDesk } from './settings/settings-desk.ts';
import { resolveTokens } from './sources/tokens.ts';
import type { Watchlist } from './watchlist.ts';

/** Fields that are the sources'. */
const OF_SOURCES = /^(sources|jupiterApiKey|venueUrls\.(?!raydium$).*)$/;
const OF_POOLS = /^(pools|poolTtlMs|venueUrls\.raydium)$/;

/** The desk of settings tied to what they change while running: sources, tokens, pools, rates, log, retention. */
export function openSettings(deps: {
  settings: Settings;
  log: Logger;
  feed: Pick<Feed, 'pace'>;
  watchlist: Pick<Watchlist, 'tokens' | 'replace'>;
  pools: Pick<Pools, 'change'>;
  /** Makes the sources anew; see `OpenMarket`. */
  changeMarket: (next: Settings) => Promise<void>;
  /** Called after that. */
  anew: () => Promise<void>;
  running: () => Pick<Running, 'change'> | undefined;
}): SettingsDesk {
  const { settings, log, feed, watchlist, pools } = deps;
  return createSettingsDesk({
    settings,
    log,
    tokens: () => watchlist.tokens(),
    async apply(next, changed) {
      setLogLevel(log, next.logLevel);
      if (changed.includes('batchEveryMs')) feed.pace(next.batchEveryMs);
      deps.running()?.change(next);
      if (changed.some(name => OF_POOLS.test(name))) pools.change(next);
      if (changed.includes('tokens')) watchlist.replace(resolveTokens(next.tokens));
      if (changed.some(name => OF_SOURCES.test(name))) {
        await deps.changeMarket(next);
        await deps.anew();
      }
    },
  });
}
