import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { createRecordedSource } from '../../../src/main/engine/sources/recorded.ts';
import { readRecording, tokensInRecording } from '../../../src/main/engine/sources/recording.ts';
import { resolveTokens } from '../../../src/main/engine/sources/tokens.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const dir = mkdtempSync(join(tmpdir(), 'th-recorded-'));
afterAll(() => rmSync(dir, { recursive: true }));
const at = (name: string) => resolve('test/recordings', name);
const COINBASE = at('coinbase-exchange-2021-04-17.ndjson');
const LAST_PRICES = {
  'coinbase:BAND-GBP': '14.7646',
  'coinbase:SKL-BTC': '0.00001304',
  'coinbase:BAND-BTC': '0.00033396',
  'coinbase:NMR-EUR': '66.9254',
  'coinbase:SKL-USD': '0.7902',
};
const SPAN_MS = 29_577;

const play = (options: { file?: string; tokens?: string[]; loop?: boolean } = {}) => {
  const { file = COINBASE, loop } = options;
  const clock = new ManualClock();
  const metrics = createMetrics();
  const names = options.tokens ?? tokensInRecording(file);
  const tokens = resolveTokens(names);
  const source = createRecordedSource({
    recording: readRecording(file),
    tokens,
    clock,
    log: silentLogger,
    metrics,
    loop,
  });
  const prices = () =>
    Object.fromEntries(names.map(name => [name, source.observation(name)?.price.toFixed()]));
  return { clock, metrics, source, prices };
};
const recording = (name: string, lines: unknown[]) => {
  const file = join(dir, name);
  writeFileSync(file, lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return file;
};
const ticker = (sequence: number, price: string) =>
  JSON.stringify({
    type: 'ticker',
    product_id: 'A-B',
    price,
    sequence,
    time: `2021-01-01T00:00:0${sequence}Z`,
  });

test('the venue and the tokens of each recording are found in its frames', () => {
  expect(tokensInRecording(COINBASE).sort()).toEqual(Object.keys(LAST_PRICES).sort());
  expect(tokensInRecording(at('binance-spot-2021-10-12.ndjson'))).toEqual([
    'binance:NKNUSDT',
    'binance:LRCBTC',
    'binance:BLZETH',
  ]);
  expect(tokensInRecording(at('okx-public-2022-05-13.ndjson')).sort()).toEqual([
    'okx:BTC-USD-220527',
    'okx:BTC-USDT',
    'okx:UNI-USD-SWAP',
  ]);
});

test('a recording plays at its own pace, vouches while it plays, and ends with the last price of each product', async () => {
  const { clock, source, prices } = play();
  expect(source.observation('coinbase:SKL-USD')).toBeUndefined();
  source.start();
  source.start();
  expect(source.status()).toMatchObject({ name: 'recorded:coinbase', asked: 5 });
  await clock.advance(SPAN_MS - 100);
  expect(source.status()).toMatchObject({
    state: 'live',
    vouching: 5,
    message: expect.stringContaining('recording') as string,
  });
  await clock.advance(101);
  expect(prices()).toEqual(LAST_PRICES);
  expect(source.status()).toMatchObject({ state: 'ended', accepted: 85, refused: 0 });
  const last = source.observation('coinbase:SKL-USD');
  expect(last).toMatchObject({
    source: 'recorded:coinbase',
    sourceTime: Date.UTC(2021, 3, 17, 16, 44, 6, 669),
  });
  await clock.advance(2_001);
  expect(source.status().vouching).toBe(0);
  expect(last?.validUntil).toBeLessThan(clock.now());
  expect(clock.pending).toBe(0);
});

test('a symbol is priced by the product that stands for it', async () => {
  const frame = JSON.stringify({ type: 'ticker', product_id: 'SOL-USD', price: '76.88', sequence: 1 });
  const { clock, source } = play({ file: recording('sol', [{ t: 1, dir: 'in', frame }]), tokens: ['SOL'] });
  source.start();
  await clock.advance(1);
  expect(source.observation('SOL')?.price.toFixed()).toBe('76.88');
});

test('with loop it starts again and time does not go back', async () => {
  const file = recording('loop', [
    { t: 1_000, dir: 'in', frame: ticker(1, '1') },
    { t: 3_000, dir: 'in', frame: ticker(3, '3') },
  ]);
  const { clock, source } = play({ file, loop: true });
  source.start();
  await clock.advance(2_000);
  const first = source.observation('coinbase:A-B');
  expect(first?.price.toFixed()).toBe('3');
  await clock.advance(1_000);
  const second = source.observation('coinbase:A-B');
  expect(second?.price.toFixed()).toBe('1');
  expect(second?.sourceTime).toBeGreaterThanOrEqual(first?.sourceTime ?? Infinity);
  await clock.advance(30_000);
  expect(source.status()).toMatchObject({ state: 'live', refused: 0 });
  await source.stop();
  expect(clock.pending).toBe(0);
  expect(source.status().state).toBe('off');
});

test('damaged lines and bad frames are counted and the rest is played', async () => {
  const file = recording('damaged', [
    '{"t":1,"dir":"in","fra',
    { t: 1, dir: 'sideways', frame: '' },
    { t: 1, dir: 'out', frame: ticker(1, '9') },
    { t: 1, dir: 'in', frame: ticker(1, '1') },
    { t: 2, dir: 'in', frame: ticker(2, '-1') },
    { t: 3, dir: 'in', frame: '{"type":"tick' },
    { t: 4, dir: 'in', frame: ticker(3, '3') },
  ]);
  const { clock, source, metrics } = play({ file });
  source.start();
  await clock.advance(10);
  expect(source.observation('coinbase:A-B')?.price.toFixed()).toBe('3');
  expect(source.status()).toMatchObject({ accepted: 2, refused: 4 });
  const { values } = await metrics.sourceQuotes.get();
  const counted: Record<string, number> = Object.fromEntries(
    values.map(({ labels, value }) => [String(labels.result), value]),
  );
  expect(counted).toEqual({ accepted: 2, malformed: 3, 'not-positive': 1 });
});

test.each([
  ['nothing', []],
  ['words', ['hello']],
  ['unknown frames', [{ t: 1, dir: 'in', frame: '{"hello":1}' }]],
])('a file with %s is no recording', (name, lines) => {
  expect(() => readRecording(recording(name, lines))).toThrow(
    expect.objectContaining({ code: 'BAD_RECORDING', exitCode: 3 }),
  );
});
