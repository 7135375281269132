import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertCondition, AlertDraft } from '../../../src/shared/alerts.ts';
import { createAlerts, type Alerts } from '../../../src/main/engine/alerts/alerts.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { nodeScript, type NodeChild, type NodeScript } from '../../support/node-child.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { expectedDeliveries } from '../../unit/alerts/oracle.ts';
import { plainClient } from '../events/desk.ts';
import { behind, everything, groups, pending, STREAM } from './stream.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const TOKENS = Array.from({ length: 100 }, (_, index) => `T${index}`);
const RULES = 1_000;
const PER_SECOND = 10_000;
const SECONDS = 6;

let server: TestRedis;
let client: Redis;
let script: NodeScript;
let dir: string;

beforeAll(async () => {
  server = await startTestRedis();
  client = plainClient(server.socketPath);
  dir = await mkdtemp(join(tmpdir(), 'th-alerts-'));
  // A desk that says what rings, and every second how much of the processor the alerts took.
  script = await nodeScript(`
    import { createAlerts, type Alerts } from '${root}src/main/engine/alerts/alerts.ts';
    import { systemClock } from '${root}src/main/engine/clock.ts';
    import { createSubscription } from '${root}src/main/engine/events/subscription.ts';
    import { silentLogger } from '${root}src/main/engine/logger.ts';
    import { testPool } from '${root}test/support/redis-pool.ts';
    import { appendFileSync, writeSync } from 'node:fs';
    const { pool, metrics } = testPool({ path: process.argv[2] });
    const alerts = createAlerts({
      clock: systemClock, log: silentLogger, price: () => undefined, lagMs: () => null, sources: () => [],
      positions: () => ({ reports: [], books: [], prices: [] }),
    });
    alerts.onDelivery(({ ruleId, eventId }) => appendFileSync(process.argv[4], ruleId + ' ' + eventId + '\\n'));
    alerts.open(process.argv[3]);
    let busy = 0;
    let applied = 0;
    createSubscription({
      pool, metrics, group: 'desk:test', consumer: 'desk', channels: ['price-updates'], clock: systemClock, log: silentLogger,
      apply(events, phase) {
        const start = process.cpuUsage();
        for (const event of events) alerts.take(event, phase);
        alerts.settle();
        const { user, system } = process.cpuUsage(start);
        busy += (user + system) / 1_000;
        applied += events.length;
        // Stands still for ever between looking and acknowledging.
        if (phase === 'live' && events.some(({ eventId }) => eventId === process.argv[5]))
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      },
    }).start();
    setInterval(() => {
      const { user, system } = process.cpuUsage();
      writeSync(1, 'used ' + Math.round(busy) + ' ' + applied + ' ' + Math.round((user + system) / 1_000) + '\\n');
    }, 500);
  `);
});
afterAll(async () => {
  await script.remove();
  client.disconnect();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

describe('1,000 rules at 10,000 events a second, killed with -9 in the middle', () => {
  it('fire for every crossing, and none twice', { timeout: 240_000 }, async () => {
    const rules = makeRules();
    const kept: string[] = [];
    const used = { busyMs: 0, applied: 1, cpuMs: 0 };
    const stops = [15_000, 32_000, 44_000];
    let child = run(used, stops[0]);
    await until(async () => (await groups(client)) === 1, 10_000, 'no group');
    const restarts: number[] = [];
    await publish(async sent => {
      if (sent < (stops[0] ?? Infinity) + 4_000) return;
      stops.shift();
      await child.kill();
      // What was not acknowledged by then is given again, and what came meanwhile is there.
      restarts.push(await pending(client));
      // One that was kept and not told yet is in the log, which a window looks at when it comes back.
      kept.push(...logged());
      child = run(used, stops[0]);
    });
    await until(async () => (await behind(client)) === 0, 60_000, 'entries are left');
    await child.kill();
    kept.push(...logged());
    const rung = (await readFile(join(dir, 'rung'), 'utf8')).trimEnd().split('\n');

    const events = await everything(client);
    expect(events).toHaveLength(PER_SECOND * SECONDS);
    const expected = rules.flatMap(({ id, draft }) =>
      expectedDeliveries(draft.condition, draft.mode, events).map(eventId => `${id} ${eventId}`),
    );
    expect(expected.length).toBeGreaterThan(1_000);
    expect(rung.length - new Set(rung).size, 'rung twice').toBe(0);
    const heard = new Set([...rung, ...kept]);
    const wanted = new Set(expected);
    expect([...heard].filter(one => !wanted.has(one))).toEqual([]);
    expect(expected.filter(one => !heard.has(one))).toEqual([]);
    const share = ((used.busyMs / used.applied) * PER_SECOND) / 1_000;
    console.info(
      `${expected.length} deliveries, ${restarts.length} kills with ${restarts.join(', ')} entries pending; ` +
        `${rung.length} told; alerts take ${(share * 100).toFixed(1)} % of a core at ${PER_SECOND} events/s`,
    );
    // Of processor time, so other work on the machine does not count; the bound is wide all the same.
    expect(share).toBeLessThan(0.5);
  });
});

/** The alerts of the folder, in this process; only while no other has them. */
function openAlerts(): Alerts {
  const alerts = createAlerts({
    clock: systemClock,
    log: silentLogger,
    price: () => undefined,
    lagMs: () => null,
    sources: () => [],
    positions: () => ({ reports: [], books: [], prices: [] }),
  });
  alerts.open(join(dir, 'alerts'));
  return alerts;
}

/** Ten rules a token; the folder holds them afterwards. */
function makeRules(): { id: string; draft: AlertDraft }[] {
  const alerts = openAlerts();
  const rules = Array.from({ length: RULES }, (_, index) => {
    const token = TOKENS[index % TOKENS.length] ?? '';
    const draft: AlertDraft = {
      id: null,
      name: '',
      condition: conditionOf(index, token),
      enabled: true,
      mode:
        index % 3 === 0
          ? { kind: 'once' }
          : { kind: 'rearm', hysteresis: { unit: 'distance', value: '0.05' }, cooldownMs: (index % 2) * 200 },
      sound: null,
      notify: false,
      note: '',
    };
    return { id: alerts.handlers['alerts.save']({ draft }).rule.id, draft };
  });
  alerts.close();
  return rules;
}

function conditionOf(index: number, token: string): AlertCondition {
  if (index >= RULES - 20)
    return { kind: 'move', token, direction: 'either', percent: '0.6', windowMs: 1_200 };
  const direction = (['above', 'below', 'cross'] as const)[index % 3] ?? 'cross';
  return { kind: 'price', token, direction, level: (99.5 + Math.floor(index / 100) * 0.1).toFixed(2) };
}

/** Publishes random walks at the pace; `at` is told how many were sent. */
async function publish(at: (sent: number) => Promise<void>): Promise<void> {
  const prices = new Map(TOKENS.map(token => [token, 10_000]));
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const start = performance.now();
  const chunk = 200;
  for (let sent = 0; sent < PER_SECOND * SECONDS; sent += chunk) {
    const pipeline = client.pipeline();
    for (let index = 0; index < chunk; index += 1) {
      const token = TOKENS[Math.floor(random() * TOKENS.length)] ?? '';
      const price = (prices.get(token) ?? 0) + Math.floor(random() * 41) - 20;
      prices.set(token, price);
      const data = `{"token":"${token}","price":"${(price / 100).toFixed(2)}"}`;
      pipeline.xadd(
        STREAM,
        '*',
        ...['event_id', `e-${sent + index}`, 'event_type', 'price_update', 'source', 'test'],
        ...['sequence_number', String(sent + index + 1), 'data', data],
      );
    }
    await pipeline.exec();
    await at(sent + chunk);
    const due = start + ((sent + chunk) / PER_SECOND) * 1_000;
    const wait = due - performance.now();
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
  }
}

function run(
  used: { busyMs: number; applied: number; cpuMs: number },
  stopAt: number | undefined,
): NodeChild {
  const child = script.run([server.socketPath, join(dir, 'alerts'), join(dir, 'rung'), `e-${stopAt ?? ''}`]);
  const read = async (): Promise<void> => {
    for (;;) {
      const [, busyMs = 0, applied = 0, cpuMs = 0] = (await child.line()).split(' ').map(Number);
      if (applied > 0) Object.assign(used, { busyMs, applied, cpuMs });
    }
  };
  // It ends with the process.
  read().catch(() => undefined);
  return child;
}

/** What the log holds now. */
function logged(): string[] {
  const alerts = openAlerts();
  const log: string[] = [];
  for (let before: number | null = null; ;) {
    const part = alerts.handlers['alerts.deliveries']({ before, limit: 500, ruleId: null });
    log.push(...part.map(({ ruleId, eventId }) => `${ruleId} ${eventId ?? ''}`));
    before = part.at(-1)?.index ?? null;
    if (before === null) break;
  }
  alerts.close();
  return log;
}
