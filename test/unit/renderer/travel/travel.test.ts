import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Moment, MomentPiece } from '../../../../src/shared/moments.ts';
import { createTravel, type Travel } from '../../../../src/renderer/travel/travel.ts';
import { browserClock } from '../../../../src/renderer/time/clock.ts';
import { NOON, priceOf, tradeEventOf } from '../support.ts';

type Answer = (command: string, args: Record<string, number>) => unknown;

const emptyMoment = (at: number): Moment => ({
  at,
  prices: [],
  events: [],
  positions: [],
  books: [],
  statuses: [],
  note: null,
});
const emptyPiece = (until: number): MomentPiece => ({
  until,
  prices: [],
  bars: [],
  events: [],
  books: [],
  note: null,
});

/** Lets promises that are settled already run. */
const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(NOON);
});
afterEach(() => {
  vi.useRealTimers();
});

function start(answer: Answer): {
  travel: Travel;
  asked: [string, Record<string, number>][];
} {
  const asked: [string, Record<string, number>][] = [];
  const invoke = (command: string, args: Record<string, number>): Promise<unknown> => {
    asked.push([command, args]);
    return Promise.resolve().then(() => answer(command, args));
  };
  const travel = createTravel({ link: { invoke } as never, clock: browserClock, now: () => Date.now() });
  return { travel, asked };
}

/** An engine whose every moment shows one price that says when it is, and one trade a second. */
const told: Answer = (command, args) => {
  if (command === 'moment.read') {
    const at = args['at'] ?? 0;
    return { ...emptyMoment(at), prices: [priceOf({ price: String(at), timestamp: at, eventId: `p${at}` })] };
  }
  const { since = 0, until = 0 } = args;
  const seconds: number[] = [];
  for (let at = Math.ceil((since + 1) / 1_000) * 1_000; at <= until; at += 1_000) seconds.push(at);
  return { ...emptyPiece(until), events: seconds.map(at => tradeEventOf(`t${at}`, {}, { timestamp: at })) };
};

test('a journey shows the moment, and everything on the screen is of then', async () => {
  const { travel } = start(told);
  travel.goTo(NOON - 60_000);
  expect(travel.state.getState().loading).toBe(true);
  await settle();
  expect(travel.state.getState()).toMatchObject({ when: 'past', at: NOON - 60_000, loading: false });
  expect(travel.screen.getState().prices.get('SOL')?.price).toBe(String(NOON - 60_000));
});

test('while a moment is read only the newest wish is read next', async () => {
  const { travel, asked } = start(told);
  for (let back = 1; back <= 50; back += 1) travel.goTo(NOON - back * 1_000);
  await settle();
  expect(asked.map(([, args]) => args['at'])).toEqual([NOON - 1_000, NOON - 50_000]);
  expect(travel.screen.getState().prices.get('SOL')?.price).toBe(String(NOON - 50_000));
});

test('a moment that cannot be had is told, and the screen stays where it was', async () => {
  let away = false;
  const { travel } = start((command, args) => {
    if (away) throw new Error('The engine is away.');
    return told(command, args);
  });
  travel.goTo(NOON - 5_000);
  await settle();
  away = true;
  travel.goTo(NOON - 9_000);
  await settle();
  expect(travel.state.getState()).toMatchObject({
    when: 'past',
    at: NOON - 5_000,
    error: 'The engine is away.',
  });
  away = false;
  travel.goTo(NOON - 9_000);
  await settle();
  expect(travel.state.getState()).toMatchObject({ at: NOON - 9_000, error: null });
});

test('nobody travels into the future', async () => {
  const { travel, asked } = start(told);
  travel.goTo(NOON + 60_000);
  await settle();
  expect(asked).toEqual([['moment.read', { at: NOON }]]);
});

test('a step from now goes back, and a step that reaches now is back', async () => {
  const { travel } = start(told);
  travel.step(-10_000);
  await settle();
  expect(travel.state.getState()).toMatchObject({ when: 'past', at: NOON - 10_000 });
  travel.step(4_000);
  await settle();
  expect(travel.state.getState().at).toBe(NOON - 6_000);
  travel.step(6_000);
  expect(travel.state.getState().when).toBe('now');
});

test.each([0.5, 1, 10, 50])('playing at %sx shows every event once, in its time', async speed => {
  const { travel } = start(told);
  travel.goTo(NOON - 300_000);
  await settle();
  travel.play(speed);
  for (let turn = 0; turn < 50; turn += 1) {
    await pass(100);
    await settle();
  }
  const { at } = travel.state.getState();
  const trades = travel.screen.getState().trades;
  expect(at).toBeGreaterThan(NOON - 300_000 + 4_000 * speed);
  expect(at).toBeLessThanOrEqual(NOON - 300_000 + 5_000 * speed);
  expect(trades.total).toBe(Math.floor((at - (NOON - 300_000)) / 1_000));
  expect(travel.screen.getState().duplicates).toBe(0);
});

test('time stands still while paused, and goes on from there', async () => {
  const { travel } = start(told);
  travel.goTo(NOON - 60_000);
  await settle();
  travel.play(1);
  await pass(1_000);
  await settle();
  await pass(1_000);
  travel.pause();
  const { at } = travel.state.getState();
  await pass(30_000);
  expect(travel.state.getState()).toMatchObject({ at, playing: false });
  travel.play(1);
  await pass(1_000);
  await settle();
  await pass(1_000);
  expect(travel.state.getState().at).toBeGreaterThan(at);
});

test('the playback waits where nothing was fetched yet, says so, and tries again', async () => {
  let away = true;
  const { travel } = start((command, args) => {
    if (command === 'moment.play' && away) throw new Error('The ledger is away.');
    return told(command, args);
  });
  travel.goTo(NOON - 60_000);
  await settle();
  travel.play(1);
  await pass(100);
  await settle();
  await pass(500);
  expect(travel.state.getState()).toMatchObject({
    at: NOON - 60_000,
    loading: true,
    error: 'The ledger is away.',
  });
  away = false;
  await pass(1_000);
  await settle();
  await pass(500);
  expect(travel.state.getState()).toMatchObject({ loading: false, error: null });
  expect(travel.state.getState().at).toBeGreaterThan(NOON - 60_000);
});

test('a playback that has caught up with the present goes back to the live screen', async () => {
  const { travel } = start(told);
  travel.goTo(NOON - 2_000);
  await settle();
  travel.play(50);
  for (let turn = 0; turn < 20 && travel.state.getState().when === 'past'; turn += 1) {
    await pass(100);
    await settle();
  }
  expect(travel.state.getState()).toMatchObject({ when: 'now', playing: false });
});

test('back to now is at once, and an answer that comes later changes nothing', async () => {
  let release = (): void => undefined;
  const { travel } = start(async (command, args) => {
    await new Promise<void>(resolve => (release = resolve));
    return told(command, args);
  });
  travel.goTo(NOON - 5_000);
  await settle();
  travel.backToNow();
  expect(travel.state.getState().when).toBe('now');
  release();
  await settle();
  expect(travel.state.getState()).toMatchObject({ when: 'now', loading: false });
});

test('after the end nothing is asked any more', async () => {
  const { travel, asked } = start(told);
  travel.goTo(NOON - 60_000);
  await settle();
  travel.play(1);
  travel.stop();
  const count = asked.length;
  await pass(10_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(asked.length).toBe(count);
});
