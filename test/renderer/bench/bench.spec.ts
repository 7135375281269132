import { expect, type Page } from '@playwright/test';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Interval } from '../../../src/shared/contract.ts';
import { TapePane } from '../../e2e/pages/tape-pane.ts';
import { built } from '../build-renderer.ts';
import { test } from '../screen.ts';
import { serveFolder } from '../serve-folder.ts';
import { leaks } from './heap-slope.ts';
import { FULL_LOAD, startLoadEngine, type Load, type LoadEngine } from './load-engine.ts';
import { inWords, measurePage, type PageMeasures } from './measure-page.ts';

const CHARTS = 4;
/** Three charts get a new bar every second. */
const LIVELY: readonly Interval[] = ['1s', '1s', '1s', '5s'];
/** None gets a new one, and trades are not the trader's own: nothing is left that may grow to its limit yet. */
const STILL: { load: Load; intervals: readonly Interval[] } = {
  load: { ...FULL_LOAD, channel: 'trade-events' },
  intervals: ['1h'],
};

/** Trades after which the tape is full… */
const TAPE_FULL = 10_000;
/** …and the ids that are remembered too: then everything that has a limit has reached it. */
const IDS_FULL = 60_000;

/** MB a minute; over a few seconds caches of the browser still settle, and every batch kept is ten times as much. */
const SHORT_TOLERATED = 5;

/** A page that keeps every batch it is given: what the detector must find. */
const LEAK = `
  const kept = [];
  const parse = JSON.parse;
  JSON.parse = (...args) => {
    const value = parse(...args);
    kept.push(value);
    return value;
  };
`;

/** Notes event ids that a watchlist cell takes on after it had them before. */
const WATCH_TWICE = `
  const last = new Map();
  globalThis.paintedAgain = 0;
  new MutationObserver(changes => {
    for (const { target } of changes) {
      const seq = Number(/^event-(\\d+)-/.exec(target.dataset.eventId ?? '')?.[1]);
      const token = target.closest('tr')?.dataset.token;
      if (!token || Number.isNaN(seq)) continue;
      if (seq < (last.get(token) ?? 0)) globalThis.paintedAgain += 1;
      last.set(token, seq);
    }
  }).observe(document.querySelector('.watchlist'), { subtree: true, attributes: true, attributeFilter: ['data-event-id'] });
`;

/** What one run found. */
interface Run {
  measures: PageMeasures;
  engine: LoadEngine;
  tape: TapePane;
}

/** Opens the desk with four charts on an engine under full load, lets it settle, and watches it. */
async function run(
  page: Page,
  options: {
    rounds: number;
    batches: number;
    settled: number;
    leak?: boolean;
    load?: Load;
    intervals?: readonly Interval[];
  },
  look: (run: Run) => Promise<void>,
): Promise<void> {
  const server = createServer(serveFolder(built('screen')));
  const { load = FULL_LOAD, intervals = LIVELY } = options;
  const engine = startLoadEngine(server, load, { count: CHARTS, intervals });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    await page.setViewportSize({ width: 1920, height: 1080 });
    if (options.leak === true) await page.addInitScript(LEAK);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect(page.locator('[data-phase="drawn"]')).toHaveCount(CHARTS, { timeout: 20_000 });
    const tape = new TapePane(page);
    await expect.poll(() => tape.total(), { timeout: 400_000 }).toBeGreaterThan(options.settled);
    await page.evaluate(WATCH_TWICE);
    const [sent, since] = [engine.sent, performance.now()];
    const measures = await measurePage(page, options.rounds, async () => {
      const until = engine.confirmed + options.batches;
      await expect.poll(() => engine.confirmed, { timeout: 120_000 }).toBeGreaterThanOrEqual(until);
      return engine.confirmed;
    });
    const rate = ((engine.sent - sent) * 1_000) / (performance.now() - since);
    console.log(`renderer: ${rate.toFixed(1)} batches a second were taken, ${engine.snapshots} snapshots`);
    await look({ measures, engine, tape });
  } finally {
    await engine.stop();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
}

/** Every trade is on the tape once and in order, however often it was sent; no price went back. */
async function expectNothingLost(page: Page, { engine, tape }: Run): Promise<void> {
  engine.finish();
  await expect.poll(() => engine.confirmed).toBe(engine.sent);
  // In such a flood the tape shows every third batch, and the last a moment later.
  await expect.poll(() => tape.total(), 'trades on the tape').toBe(engine.tradesSince);
  const numbers = (await tape.allIds()).map(id => Number(id.replace('trade-', '')));
  expect(numbers.length).toBeGreaterThanOrEqual(Math.min(5_000, engine.tradesSince));
  expect(numbers).toEqual(numbers.map((_, index) => engine.trades - index));
  expect(await page.evaluate<number>('paintedAgain'), 'prices painted again').toBe(0);
}

const WORDS = '500 symbols at 10 Hz, 1,000 trades a second and four charts';

test(`under ${WORDS} nothing is lost, painted twice or kept for ever`, async ({ page }) => {
  test.setTimeout(300_000);
  await run(page, { rounds: 10, batches: 20, settled: TAPE_FULL }, async found => {
    console.log(inWords('renderer, 20 s', found.measures));
    await expectNothingLost(page, found);
    expect(leaks(found.measures.heap, SHORT_TOLERATED), inWords('heap', found.measures)).toBe(false);
  });
});

test('a page that keeps every batch is found by the same measure', async ({ page }) => {
  test.setTimeout(300_000);
  await run(page, { rounds: 5, batches: 10, settled: TAPE_FULL, leak: true }, ({ measures }) => {
    console.log(inWords('leaking on purpose, 5 s', measures));
    expect(leaks(measures.heap, SHORT_TOLERATED)).toBe(true);
    return Promise.resolve();
  });
});

const LONG = 'takes seven minutes; RENDERER_BENCH=1 runs it';

test(`five minutes of ${WORDS}`, async ({ page }) => {
  test.skip(process.env['RENDERER_BENCH'] === undefined, LONG);
  test.setTimeout(1_800_000);
  await run(page, { rounds: 30, batches: 100, settled: IDS_FULL }, async found => {
    console.log(inWords('renderer, 5 min', found.measures));
    await expectNothingLost(page, found);
    expect(leaks(found.measures.heap, 1), inWords('heap', found.measures)).toBe(false);
  });
});

test(`five minutes of ${WORDS} without a new bar or an own trade leave the page as large as it was`, async ({
  page,
}) => {
  test.skip(process.env['RENDERER_BENCH'] === undefined, LONG);
  test.setTimeout(1_800_000);
  const options = { rounds: 30, batches: 100, settled: IDS_FULL, ...STILL };
  await run(page, options, ({ measures }) => {
    console.log(inWords('renderer, 5 min without what grows', measures));
    expect(leaks(measures.heap, 0), inWords('heap', measures)).toBe(false);
    return Promise.resolve();
  });
});
