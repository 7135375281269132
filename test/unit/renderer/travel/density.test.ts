import { expect, test } from 'vitest';
import {
  BUCKETS,
  densityPath,
  momentAt,
  shareOf,
  windowFor,
} from '../../../../src/renderer/travel/density.ts';
import { NOON } from '../support.ts';

const HOUR = 3_600_000;

test('at now the window ends with the bar that is growing', () => {
  const { since, until } = windowFor(HOUR, NOON + 1, null);
  expect(until - since).toBe(HOUR);
  expect(until).toBeGreaterThan(NOON + 1);
  expect(until - NOON).toBeLessThanOrEqual(HOUR / BUCKETS);
});

test('the window stands still while the same bar grows', () => {
  expect(windowFor(HOUR, NOON + 1, null)).toEqual(windowFor(HOUR, NOON + 14_000, null));
});

test('a moment within the last window leaves it where it is, an older one moves it around itself', () => {
  expect(windowFor(HOUR, NOON, NOON - HOUR / 2)).toEqual(windowFor(HOUR, NOON, null));
  const old = windowFor(HOUR, NOON, NOON - 10 * HOUR);
  expect(old.since).toBeLessThan(NOON - 10 * HOUR);
  expect(old.until).toBeGreaterThan(NOON - 10 * HOUR);
});

test('a place on the line and its moment belong together', () => {
  const window = { since: NOON, until: NOON + 1_000 };
  expect(momentAt(window, shareOf(window, NOON + 250))).toBe(NOON + 250);
  expect(momentAt(window, 2)).toBe(NOON + 1_000);
  expect(shareOf(window, NOON - 5)).toBe(0);
});

test('a bar with one event shows beside a bar with a thousand, an empty one is not drawn', () => {
  expect(densityPath([1, 0, 1_000])).toBe('M0 100v-6h0.7v6zM2 100v-100h0.7v100z');
  expect(densityPath([])).toBe('');
});
