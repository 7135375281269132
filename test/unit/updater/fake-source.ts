import type { Decimal } from 'decimal.js';
import type { Clock } from '../../../src/main/engine/clock.ts';
import type { Observation, Source } from '../../../src/main/engine/sources/source.ts';

/** A source that says what a test puts into `says`; it vouches now, for 2 s, unless told otherwise. */
export interface FakeSource extends Source {
  says: Map<string, Partial<Observation> & { price: Decimal }>;
}

export function fakeSource(name: string, clock: Clock): FakeSource {
  const says: FakeSource['says'] = new Map();
  return {
    name,
    says,
    start: () => undefined,
    stop: () => Promise.resolve(),
    ask: () => undefined,
    observation(token) {
      const said = says.get(token);
      const now = clock.now();
      if (said === undefined) return undefined;
      return { token, source: name, sourceTime: null, vouchedAt: now, validUntil: now + 2_000, ...said };
    },
    status: () => ({
      name,
      state: 'live',
      message: null,
      since: 0,
      lastHeardAt: null,
      nextAttemptAt: null,
      attempt: 0,
      vouching: says.size,
      asked: 1,
      refusedProducts: [],
      accepted: 0,
      refused: 0,
    }),
  };
}
