import { MAX_TOKENS } from '../../../shared/tokens.ts';
import type { ModeRule } from '../../../shared/settings.ts';
import { TenhertzError } from '../errors.ts';
import { channelModes } from '../ledger/channel-modes.ts';
import { readLedgerSettings } from '../ledger/settings.ts';
import { readRedisSettings } from '../redis/settings.ts';
import { readRecording } from '../sources/recording.ts';
import { parseSources } from '../sources/source-list.ts';
import { resolveTokens } from '../sources/tokens.ts';
import { resolvePools } from '../sources/watched-pools.ts';

// What the shape of the file cannot tell. Each throws the `TenhertzError` that a start with that value would end with.

/** Sources that exist, and recordings that can be read. */
export function checkSources(text: string): void {
  for (const spec of parseSources(text)) if (spec.kind === 'recorded') readRecording(spec.file);
}

export function checkTokens(names: readonly string[]): void {
  if (resolveTokens(names).length > MAX_TOKENS)
    throw new TenhertzError('TOO_MANY', `A watchlist holds at most ${MAX_TOKENS} tokens.`);
}

export function checkPools(names: readonly string[]): void {
  resolvePools(names);
}

export function checkRedis(text: string): void {
  readRedisSettings({ flag: undefined, env: {}, file: text });
}

export function checkLedger(text: string): void {
  readLedgerSettings({ flag: undefined, env: {}, file: text });
}

export function checkModes(rules: readonly ModeRule[]): void {
  channelModes(rules);
}

/** Names worth suggesting: those that this version has. */
export function knownSources(): readonly string[] {
  const names = ['auto', 'jupiter', 'kraken', 'coinbase', 'binance', 'okx', 'pyth', 'simulated'];
  return names.filter(name => {
    try {
      return parseSources(name).length > 0;
    } catch {
      return false;
    }
  });
}
