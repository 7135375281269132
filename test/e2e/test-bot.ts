import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../support/redis-server.ts';
import { test as base } from './fixtures.ts';

/** A price at a time, epoch ms. */
export type Tick = readonly [at: number, price: string];

/** A trade as a bot tells it. */
export interface BotTrade {
  at: number;
  action: 'buy' | 'sell';
  amount: string;
  price: string;
  /** `SOL/USDC` by default. */
  pair?: string;
}

/** Port 9 answers nobody here: what the screen shows of the market is what the bot says, to the last digit. */
const AWAY = 'ws://127.0.0.1:9';

/** Another program beside the app, on a Redis of its own: it says prices, trades and positions, and nobody else does. */
export class TestBot {
  readonly #redis: TestRedis;
  readonly #client: Redis;
  /** Events told so far, by channel. */
  readonly #told = new Map<string, number>();

  private constructor(redis: TestRedis) {
    this.#redis = redis;
    this.#client = new Redis(redis.socketPath);
  }

  static async start(): Promise<TestBot> {
    return new TestBot(await startTestRedis(['--appendonly', 'yes']));
  }

  /** How the app is started beside it: the same Redis, and a venue that is away. */
  get start(): { args: readonly string[]; env: Readonly<Record<string, string>> } {
    return {
      args: ['--redis', this.#redis.url, '--source', 'kraken'],
      env: { TENHERTZ_KRAKEN_URL: AWAY },
    };
  }

  /** Says what a token cost at these times. */
  async prices(token: string, ticks: readonly Tick[]): Promise<void> {
    await this.#tell(
      `prices:${token.toLowerCase()}`,
      'price_update',
      ticks.map(([at, price]) => [at, { token, price, timestamp: new Date(at).toISOString() }]),
    );
  }

  /** Says what was traded, in a channel of the trader's own. */
  async trades(trades: readonly BotTrade[]): Promise<void> {
    await this.#tell(
      'trades:user_0001',
      'trade_executed',
      trades.map(({ at, pair = 'SOL/USDC', ...rest }) => [
        at,
        { ...rest, token_pair: pair, id: randomUUID() },
      ]),
    );
  }

  /** Says what is held of a token. */
  async position(token: string, amount: string, pnl: string): Promise<void> {
    await this.#tell('positions:user_0001', 'position_update', [[Date.now(), { token, amount, pnl }]]);
  }

  async stop(): Promise<void> {
    this.#client.disconnect();
    await this.#redis.stop();
  }

  async #tell(channel: string, type: string, events: readonly (readonly [number, object])[]): Promise<void> {
    const pipeline = this.#client.pipeline();
    for (const [at, data] of events) {
      const number = (this.#told.get(channel) ?? 0) + 1;
      this.#told.set(channel, number);
      const fields = {
        event_id: randomUUID(),
        event_type: type,
        source: 'test-bot',
        sequence_number: String(number),
      };
      const rest = { timestamp: new Date(at).toISOString(), data: JSON.stringify(data) };
      pipeline.xadd(`stream:${channel}`, '*', ...Object.entries({ ...fields, ...rest }).flat());
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
  }
}

/** The end-to-end `test` with a bot that goes on until the app has ended; `app` starts beside it. */
export const test = base.extend<{ bot: TestBot }>({
  bot: async ({}, use) => {
    const bot = await TestBot.start();
    await use(bot);
    await bot.stop();
  },
  app: async ({ bot, app }, use) => {
    const { args, env } = bot.start;
    await use((options = {}) =>
      app({ ...options, args: [...args, ...(options.args ?? [])], env: { ...env, ...options.env } }),
    );
  },
});
