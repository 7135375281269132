import type { Batch, SourceStatus, StatusView, TenhertzBridge } from '../../src/shared/contract.ts';

/** What the invented engine plays. */
export interface Scene {
  kind:
    | 'live'
    | 'simulated'
    | 'recorded'
    | 'empty'
    | 'loading'
    | 'stale'
    | 'redis-gone'
    | 'no-sources'
    | 'engine-gone';
  /** After how many batches the trouble of the scene begins. */
  troubleAfter: number;
}

/** Calls of the page that a test may look at. */
export interface FakeEngineLog {
  confirmed: number[];
  used: string[];
  sent: number;
}

declare global {
  interface Window {
    fakeEngine?: FakeEngineLog;
  }
}

/**
 * Runs in the page before its own scripts (`page.addInitScript(fakeEngine, scene)`), so it may use nothing from outside
 * itself. Plays seeded prices through `window.tenhertz`, ten batches a second, one unconfirmed at most, like the engine.
 */
export function fakeEngine(scene: Scene): void {
  const log: FakeEngineLog = { confirmed: [], used: [], sent: 0 };
  const markets = [
    { token: 'SOL', base: 151.2348, decimals: 4, source: 'kraken', open: '146.2300' },
    { token: 'USDC', base: 0.99987, decimals: 5, source: 'kraken', open: '0.99997' },
    { token: 'BONK', base: 0.0000030412, decimals: 10, source: 'jupiter', open: '0.0000030976' },
    { token: 'JitoSOL', base: 187.9012, decimals: 4, source: 'coinbase', open: '181.5100' },
    { token: 'RAY', base: 2.8411, decimals: 4, source: 'kraken', open: '2.8479' },
  ];
  const start = Date.now();
  let seed = 20261121;
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return (seed >>> 0) / 4294967296;
  };
  const hash = (text: string, at: number): number => {
    let value = Math.imul(at ^ 0x9e3779b9, 2654435761);
    for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 16777619);
    value ^= value >>> 15;
    return ((Math.imul(value, 2246822519) >>> 0) % 100000) / 100000 - 0.5;
  };
  // Smooth value noise over several time scales: a believable market that is a pure function of time.
  const noise = (token: string, at: number): number => {
    let sum = 0;
    for (const [period, weight] of [
      [3_600, 9],
      [900, 4],
      [240, 2.2],
      [60, 1.1],
      [14, 0.55],
      [3, 0.3],
      [1, 0.16],
    ] as const) {
      const place = at / 1000 / period;
      const whole = Math.floor(place);
      const part = place - whole;
      const ease = part * part * (3 - 2 * part);
      sum += weight * (hash(token + period, whole) * (1 - ease) + hash(token + period, whole + 1) * ease);
    }
    return sum;
  };
  const priceAt = (market: (typeof markets)[number], at: number): string =>
    (market.base * (1 + (market.token === 'USDC' ? 0.00002 : 0.0022) * noise(market.token, at))).toFixed(
      market.decimals,
    );
  const barAt = (
    market: (typeof markets)[number],
    time: number,
    length: number,
  ): { time: number; open: string; high: string; low: string; close: string } => {
    const prices: string[] = [];
    for (let step = 0; step <= 8; step += 1) prices.push(priceAt(market, time + (length * step) / 8));
    const sorted = [...prices].sort((a, b) => Number(a) - Number(b));
    return {
      time,
      open: prices[0] ?? '0',
      high: sorted.at(-1) ?? '0',
      low: sorted[0] ?? '0',
      close: prices.at(-1) ?? '0',
    };
  };
  const inTrouble = (): boolean => log.sent >= scene.troubleAfter;
  let mode: StatusView['mode'] =
    scene.kind === 'simulated' ? 'simulated' : scene.kind === 'recorded' ? 'recorded' : 'live';
  let troubleAt = 0;

  const source = (name: string, over: Partial<SourceStatus> = {}): SourceStatus => ({
    name,
    state: 'live',
    message: null,
    since: start - 3_600_000,
    lastHeardAt: Date.now() - Math.floor(random() * 200),
    nextAttemptAt: null,
    attempt: 1,
    vouching: 5,
    asked: 5,
    refusedProducts: [],
    accepted: 18_204 + log.sent * 3,
    refused: 0,
    ...over,
  });
  const sources = (now: number): SourceStatus[] => {
    if (mode === 'simulated') return [source('simulated')];
    if (mode === 'recorded') return [source('recorded:coinbase')];
    const dead = { state: 'down', vouching: 0, accepted: 0, lastHeardAt: null } as const;
    if (scene.kind === 'no-sources') {
      const message = 'getaddrinfo failed: this machine cannot look up the name';
      return [
        source('jupiter', {
          ...dead,
          since: start - 41_000,
          message,
          attempt: 6,
          nextAttemptAt: now + 12_000,
        }),
        source('kraken', { ...dead, since: start - 41_000, message, attempt: 4, nextAttemptAt: now + 4_000 }),
        source('coinbase', {
          ...dead,
          since: start - 41_000,
          message,
          attempt: 4,
          nextAttemptAt: now + 7_000,
        }),
      ];
    }
    if (scene.kind === 'stale' && inTrouble()) {
      return [
        source('jupiter', {
          state: 'rate-limited',
          vouching: 0,
          nextAttemptAt: troubleAt + 15_000,
          refused: 3,
        }),
        source('kraken', {
          state: 'silent',
          vouching: 0,
          lastHeardAt: troubleAt,
          nextAttemptAt: troubleAt + 9_000,
        }),
        source('coinbase', { state: 'connecting', vouching: 0, lastHeardAt: troubleAt, attempt: 3 }),
      ];
    }
    return [
      source('jupiter', { accepted: 4_310, vouching: 5 }),
      source('kraken', { vouching: 3 }),
      source('coinbase', { vouching: 2, refusedProducts: ['JITOSOL-USD'], asked: 5 }),
      source('pyth', {
        state: 'off',
        message: 'No key: set PYTH_API_KEY to use it',
        vouching: 0,
        asked: 0,
        accepted: 0,
        lastHeardAt: null,
      }),
    ];
  };
  const status = (now: number): StatusView => {
    const gone = scene.kind === 'redis-gone' && inTrouble();
    return {
      at: now,
      mode,
      tokens: scene.kind === 'empty' ? [] : markets.map(market => market.token),
      redis: {
        state: gone ? 'down' : 'up',
        kind: 'embedded',
        address: 'redis.sock',
        since: gone ? troubleAt : start - 3_600_000,
        latencyMs: gone ? null : 0.2 + Math.round(random() * 3) / 10,
        message: gone
          ? 'The embedded Redis ended (signal SIGKILL). It is being started again, attempt 2 in 0.8 s.'
          : null,
      },
      sources: sources(now),
      updater: { state: gone ? 'waiting' : 'running', everyMs: 500, lastTickAt: now - 220, message: null },
      subscription: {
        state: gone ? 'waiting' : 'following',
        group: 'desk:4f1c9a20',
        channels: ['price-updates'],
        lagMs: 4 + Math.round(random() * 6),
        lastAppliedAt: gone ? troubleAt : now - 60,
        applied: 128_400 + log.sent,
        duplicates: 12,
        gaps: 0,
        refused: 0,
      },
      feed: { clients: 1, batchesPerSecond: 10, eventsPerSecond: 9 + Math.round(random() * 3), queued: 0 },
    };
  };

  const listeners = new Set<(batch: Batch) => void>();
  let unconfirmed = 0;
  let snapshotNext = true;
  const tick = (): void => {
    if (scene.kind === 'loading' || unconfirmed > 0 || listeners.size === 0) return;
    if (scene.kind === 'engine-gone' && inTrouble()) return;
    const now = Date.now();
    if (inTrouble() && troubleAt === 0) troubleAt = now;
    const quiet =
      scene.kind === 'empty' ||
      (scene.kind === 'no-sources' && mode === 'live') ||
      ((scene.kind === 'stale' || scene.kind === 'redis-gone') && inTrouble());
    const second = Math.floor(now / 1000) * 1000;
    log.sent += 1;
    const moving = quiet
      ? []
      : scene.kind === 'stale' || snapshotNext
        ? markets
        : markets.filter((_, index) => (log.sent + index) % 5 === 0);
    const batch: Batch = {
      seq: log.sent,
      kind: snapshotNext ? 'snapshot' : 'update',
      at: now,
      prices: moving.map(market => {
        const price = priceAt(market, now);
        const name =
          mode === 'live' ? market.source : mode === 'recorded' ? 'recorded:coinbase' : 'simulated';
        return {
          token: market.token,
          price,
          source: name,
          timestamp: now - Math.floor(random() * 90),
          validUntil: now + 2_000,
          publishedAt: now,
          sourceTime: null,
          dayOpen: market.open,
          dayOpenAt: Math.floor(now / 86_400_000) * 86_400_000 + 400,
          eventId: `event-${log.sent}-${market.token}`,
          sequence: log.sent,
        };
      }),
      bars: moving.map(market => ({
        ...barAt(market, second, Math.max(8, now - second)),
        token: market.token,
      })),
      events: [],
      status: snapshotNext || log.sent % 5 === 0 ? status(now) : null,
      missed: 0,
    };
    snapshotNext = false;
    unconfirmed = batch.seq;
    for (const listener of listeners) listener(batch);
  };
  setInterval(tick, 100);

  const LENGTHS = { '1s': 1_000, '5s': 5_000, '1m': 60_000 };
  const answer = (command: string, args: Record<string, unknown>): unknown => {
    if (command === 'feed.follow') {
      snapshotNext = true;
      unconfirmed = 0;
    } else if (command === 'feed.confirm') {
      log.confirmed.push(Number(args['seq']));
      if (Number(args['seq']) >= unconfirmed) unconfirmed = 0;
    } else if (command === 'sources.use') {
      log.used.push(String(args['market']));
      mode = args['market'] === 'simulated' ? 'simulated' : 'live';
    } else if (command === 'app.info') {
      return { name: 'Tenhertz', version: '0.1.0', host: 'gateway', startedAt: start };
    } else if (command === 'chart.bars') {
      const length = LENGTHS[args['interval'] as keyof typeof LENGTHS];
      const limit = Math.min(Number(args['limit']), 400);
      const last = Math.floor(Date.now() / length) * length;
      const none = scene.kind === 'no-sources' && mode === 'live';
      return Object.fromEntries(
        (args['tokens'] as string[]).map(token => {
          const market = markets.find(one => one.token === token);
          if (market === undefined || none) return [token, []];
          const count = Array.from({ length: limit }, (_, index) => last - (limit - 1 - index) * length);
          return [
            token,
            count.map(time => barAt(market, time, Math.min(length, Math.max(8, Date.now() - time)))),
          ];
        }),
      );
    }
    return null;
  };
  const bridge: TenhertzBridge = {
    invoke: (command: string, args: object) =>
      Promise.resolve(answer(command, args as Record<string, unknown>) as never),
    on: (_event: string, listener: (payload: Batch) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  Object.assign(window, { tenhertz: bridge, fakeEngine: log });
}
