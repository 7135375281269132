import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../support/redis-server.ts';
import { expect, test, type StartApp } from './fixtures.ts';
import { complaintsAbout } from './pages/axe.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import { ROOT } from './runners/chromium.ts';
import { batchesPainted, watchBatches } from './support.ts';

/** What the page of a killed gateway says about its line. */
const REFUSED = /WebSocket connection .* failed/;

interface Line {
  channel?: string;
  event_id: string;
  type: string;
  data: Record<string, unknown>;
}

/** A trade as a bot would publish it. */
function trade(index: number, eventId: string = randomUUID()): Line {
  const data = {
    id: `t-${index}`,
    action: index % 2 === 0 ? 'buy' : 'sell',
    token_pair: 'SOL/USDC',
    amount: `${1 + (index % 50)}.25`,
    price: `150.${1_000 + index}`,
    timestamp: new Date().toISOString(),
  };
  return { event_id: eventId, type: 'trade_executed', data };
}

/** Publishes through the program, NDJSON on its standard input, beside the running app. */
async function publish(redis: TestRedis, channel: string, lines: readonly Line[]): Promise<void> {
  const args = [
    join(ROOT, 'bin', 'tenhertz.mjs'),
    'publish',
    '--stdin',
    '--channel',
    channel,
    '--redis',
    redis.url,
    // As the app of these tests; else it would keep and bring back its events with the ledger of whoever runs the tests.
    '--postgres',
    'off',
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const ended = once(child, 'exit');
  child.stdin.end(lines.map(line => JSON.stringify(line)).join('\n'));
  const [code] = (await ended) as [number];
  expect(code, errors).toBe(0);
}

test.describe('events of other programs', () => {
  let redis: TestRedis;
  let client: Redis;

  test.beforeEach(async () => {
    redis = await startTestRedis(['--appendonly', 'yes']);
    client = new Redis(redis.socketPath);
  });

  test.afterEach(async () => {
    client.disconnect();
    await redis.stop();
  });

  async function open(app: StartApp, dataDir?: string) {
    const started = await app({
      args: ['--redis', redis.url, '--source', 'simulated'],
      ...(dataDir === undefined ? {} : { dataDir }),
    });
    const monitor = new MonitorPage(started.page);
    await expect(monitor.root).toHaveAttribute('data-connection', 'live');
    await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
    return { ...started, monitor };
  }

  test('trades reach the tape in order and once, whoever wrote them and however often', async ({ app }) => {
    const { monitor } = await open(app);
    const lines = Array.from({ length: 8 }, (_unused, index) => trade(index));
    await publish(redis, 'trade-events', lines);
    await publish(redis, 'trade-events', lines);
    const newestFirst = lines.map(line => line.event_id).reverse();
    await expect.poll(() => monitor.tape.ids()).toEqual(newestFirst);

    // A producer that knows nothing of sequence numbers, and one that repeats an id by hand.
    const foreign = randomUUID();
    const data = JSON.stringify({ type: 'TradeExecuted', ...trade(100).data, amount: 2.5, price: 151 });
    await client.xadd('stream:trade-events', '*', 'event_id', foreign, 'data', data);
    await client.xadd('stream:trade-events', '*', 'event_id', foreign, 'data', data);
    await expect.poll(() => monitor.tape.ids()).toEqual([foreign, ...newestFirst]);
    await expect(monitor.tape.row(foreign).side).toHaveText('Buy');
    await expect(monitor.statusValue('duplicates')).toHaveText('1');
  });

  test('a channel that appears under a followed pattern is on the tape within two seconds', async ({
    app,
  }) => {
    const { monitor } = await open(app);
    const line = trade(1);
    await publish(redis, 'trades:user_0042', [line]);
    await expect(monitor.tape.row(line.event_id).row).toBeVisible({ timeout: 2_500 });
  });

  test('positions are marked to the newest price and stay after a restart of the app', async ({
    app,
    allowedErrors,
  }) => {
    allowedErrors.push(REFUSED);
    const first = await open(app);
    const data = { token: 'SOL', amount: '212.5', pnl: '1137.69', timestamp: new Date().toISOString() };
    const line = { event_id: randomUUID(), type: 'position_update', data };
    await publish(redis, 'positions:user_0001', [line]);
    const { positions } = first.monitor;
    await expect(positions.row('SOL').amount).toHaveText(/212\.5/);
    await expect(positions.row('SOL').pnl).toHaveText(/1,137\.69/);
    await expect.poll(() => positions.row('SOL').markFreshness()).toBe('fresh');
    await first.kill9();

    const second = await open(app, first.dataDir);
    await expect(second.monitor.positions.row('SOL').amount).toHaveText(/212\.5/);
    expect(await second.monitor.positions.row('SOL').eventId()).toBe(line.event_id);
  });

  test('what was applied before a kill -9 is painted once after it', async ({ app, allowedErrors }) => {
    allowedErrors.push(REFUSED);
    const first = await open(app);
    const lines = Array.from({ length: 5 }, (_unused, index) => trade(index));
    await publish(redis, 'trade-events', lines);
    await expect.poll(() => first.monitor.tape.ids()).toHaveLength(5);
    await first.kill9();
    const more = trade(6);
    await publish(redis, 'trade-events', [more]);
    const second = await open(app, first.dataDir);
    const expected = [more.event_id, ...lines.map(line => line.event_id).reverse()];
    await expect.poll(() => second.monitor.tape.ids()).toEqual(expected);
  });

  test('a gap is shown while it is open, and healed when the missing event comes', async ({ app }) => {
    const { monitor } = await open(app);
    const entry = (sequence: number): string[] => {
      const { event_id, type, data } = trade(sequence);
      const fields = { event_id, event_type: type, source: 'bot', sequence_number: String(sequence) };
      const rest = { timestamp: new Date().toISOString(), data: JSON.stringify(data) };
      return Object.entries({ ...fields, ...rest }).flat();
    };
    for (const sequence of [1, 2, 4]) await client.xadd('stream:trades:gap', '*', ...entry(sequence));
    await expect(monitor.tape.notice).toHaveAttribute('data-notice', 'open');
    await expect(monitor.tape.notice).toContainText('trades:gap');
    await client.xadd('stream:trades:gap', '*', ...entry(3));
    await expect(monitor.tape.notice).toHaveAttribute('data-notice', 'healed');
    await expect.poll(() => monitor.tape.total()).toBe(4);
  });

  test('an entry nobody can read is set aside, shown with its reason, and can be dropped', async ({
    app,
  }) => {
    const { monitor } = await open(app);
    await client.xadd('stream:trade-events', '*', 'event_type', 'trade_executed', 'data', '{"broken');
    const line = trade(1);
    await publish(redis, 'trade-events', [line]);
    await expect(monitor.tape.row(line.event_id).row).toBeVisible();

    const { operations } = monitor;
    await operations.open();
    await expect(operations.channel('trade-events')).toBeVisible();
    await operations.select('trade-events');
    await operations.openDeadLetters();
    await expect(operations.deadLetters).toHaveCount(1);
    await expect(operations.deadLetters).toContainText('{"broken');
    expect(await complaintsAbout(monitor.page)).toEqual([]);
    const letter = (await client.xrange('dead:{stream:trade-events}', '-', '+'))[0]?.[0] ?? '';
    await operations.settle('Drop', letter);
    await expect(operations.deadLetters).toHaveCount(0);
    expect(await client.xlen('dead:{stream:trade-events}')).toBe(0);
  });

  test('a channel can be followed and let go while running, and a bad pattern is refused in words', async ({
    app,
  }) => {
    const { monitor } = await open(app);
    const { operations } = monitor;
    await operations.open();
    await operations.follow('signals:*');
    await expect.poll(() => operations.patterns()).toContain('signals:*');
    const line = trade(1);
    await publish(redis, 'signals:a', [line]);
    await operations.close();
    await expect(monitor.tape.row(line.event_id).row).toBeVisible({ timeout: 4_000 });
    await operations.open();
    await operations.unfollow('signals:*');
    await expect.poll(() => operations.patterns()).not.toContain('signals:*');
    await operations.follow('bad pattern {');
    await expect(operations.refusal).toBeVisible();
  });

  test('a spike of 20,000 events keeps the window painting, and all of them arrive', async ({ app }) => {
    test.setTimeout(90_000);
    const { monitor } = await open(app);
    // Four streams, so that none of them is trimmed (at about 10,000 entries) before it can be read.
    const lines = Array.from({ length: 20_000 }, (_unused, index) => ({
      channel: `trades:spike_${index % 4}`,
      ...trade(index),
    }));
    await watchBatches(monitor.page);
    await publish(redis, 'trade-events', lines);
    await expect.poll(() => monitor.tape.total(), { timeout: 40_000 }).toBe(lines.length);
    expect(await batchesPainted(monitor.page), 'batches painted meanwhile').toBeGreaterThan(10);
    await expect(monitor.statusValue('gaps')).toHaveText(/^0/);
    await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
  });
});
