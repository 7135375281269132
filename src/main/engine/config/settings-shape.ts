import { z } from 'zod';
import { MAX_POOLS } from '../../../shared/pools.ts';
import { LedgerSection } from './ledger-settings.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
/** How much is logged; `silent` is for tests. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const text = z.string('must be a text').trim().min(1, 'must not be empty');
const url = z.string('must be a text').refine(isVenueUrl, 'must be an http, https, ws or wss URL');
const every = (min: number, max: number) =>
  z
    .int('must be a whole number')
    .min(min, `must be a whole number from ${min} to ${max}`)
    .max(max, `must be a whole number from ${min} to ${max}`);

/** What `settings.json` may hold; an unknown name is refused so that a typing mistake is not silently ignored. */
export const SettingsFile = z.strictObject({
  redis: text.optional(),
  postgres: text.optional(),
  ledger: LedgerSection.optional(),
  sources: text.optional(),
  tokens: z.array(text).min(1, 'must name at least one token').optional(),
  demo: z.boolean('must be true or false').optional(),
  /** Pairs of known tokens or addresses; an empty list watches none. */
  pools: z.array(text).max(MAX_POOLS, `must name at most ${MAX_POOLS} pools`).optional(),
  updateEveryMs: every(50, 60_000).optional(),
  batchEveryMs: every(50, 10_000).optional(),
  priceTtlMs: every(1_000, 600_000).optional(),
  poolTtlMs: every(1_000, 600_000).optional(),
  logLevel: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).optional(),
  redisServerPath: text.optional(),
  venueUrls: z
    .strictObject({
      jupiter: url.optional(),
      kraken: url.optional(),
      coinbase: url.optional(),
      raydium: url.optional(),
    })
    .optional(),
  jupiterApiKey: text.optional(),
});
export type SettingsFile = z.infer<typeof SettingsFile>;

/** Whether a venue can be reached at this address. */
export function isVenueUrl(value: string): boolean {
  return URL.canParse(value) && ['http:', 'https:', 'ws:', 'wss:'].includes(new URL(value).protocol);
}
