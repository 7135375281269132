/**
 * Every Redis key and channel name of the program, spelled once. The plain schema is an integration interface: other
 * programs read and write these keys directly (see the requirements, R2-R5).
 */
export const keys = {
  /** JSON {@link import('../cache/price-cache.ts').CachedPrice}, TTL 2 s by default. */
  price: (token: string) => `price:${token}`,
  /** JSON {@link import('../cache/cached-pool.ts').CachedPool}, TTL 2 s by default. */
  pool: (address: string) => `pool:${address}`,
  /** The first price of a UTC day, JSON `{price, at}`; `day` is `YYYY-MM-DD`. Kept two days. */
  dayOpen: (token: string, day: string) => `day-open:${token}:${day}`,
  /** The stream behind a channel. */
  stream: (channel: string) => `stream:${channel}`,
  /** The channel's sequence counter; the hash tag keeps it in the stream's slot on a Cluster. */
  sequence: (channel: string) => `seq:{stream:${channel}}`,
  /** What became of an `event_id` published within the idempotency window: `"<sequence> <entry id>"`. */
  published: (channel: string, eventId: string) => `published:{stream:${channel}}:${eventId}`,
  /** Dead letters of a channel, a stream of its own. */
  dead: (channel: string) => `dead:{stream:${channel}}`,
  /**
   * Closed bars of a token and market, a sorted set by start (epoch ms) of JSON `[time, open, high, low, close, volume]`; of the
   * last 24 h, as far as they fit. Interval `1s` or `1m`.
   */
  candles: (token: string, market: string, interval: string) => `candles:${token}:${market}:${interval}`,
  /** When each desk's group was last seen: a hash from group to epoch ms. Without a TTL, which eviction could shorten. */
  desks: 'desks',
} as const;

/** The channel of a stream key, or `undefined` for a key that is no stream of ours. */
export function channelOfStream(streamKey: string): string | undefined {
  return streamKey.startsWith('stream:') && streamKey.length > 7 ? streamKey.slice(7) : undefined;
}
