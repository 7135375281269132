import mints from '../../fixtures/tokens.json';
import { ManualClock } from '../manual-clock.ts';
import { until } from '../redis-server.ts';
import { startJupiterVenue, type JupiterVenue } from './jupiter-server.ts';
import { testSource } from './test-source.ts';

export const SOL = mints.SOL.mint;
export const RAY = mints.RAY.mint;

/** A started Jupiter source on time moved by hand, and its venue. `before` runs before the first call. */
export async function jupiterSetUp(
  more: Parameters<typeof testSource>[2] & { before?: (venue: JupiterVenue) => void } = {},
) {
  const { before, ...options } = more;
  const clock = new ManualClock();
  const venue = await startJupiterVenue({ [SOL]: '76.88143207112346', [RAY]: '0.6213459012' });
  before?.(venue);
  const made = testSource('jupiter', `${venue.url}/`, {
    tokens: ['SOL', 'RAY', 'kraken:SOL/USD'],
    clock,
    ...options,
  });
  made.source.start();
  made.source.start();
  /** Moves time to the next call and waits until it has been dealt with. */
  const poll = async (ms: number) => {
    const calls = venue.requests.length;
    await clock.advance(ms);
    await until(() => venue.requests.length === calls + 1, 5_000, 'no call');
  };
  const state = (wanted: string) =>
    until(
      () => made.source.status().state === wanted,
      5_000,
      () => made.source.status().state,
    );
  const stop = async () => {
    await made.source.stop();
    await venue.stop();
  };
  return { stop, clock, venue, poll, state, ...made };
}
