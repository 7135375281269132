import type { Bar, Batch, EpochMs, PriceView } from '../../../src/shared/contract.ts';

/** Seconds of bars that a symbol has when the page opens: as many as the page keeps, so that nothing fills up later. */
const SECONDS = 330;
/** How many of them a batch brings. */
const PAST_PER_BATCH = 10;

/** One symbol that wanders; its bars of a second as the engine makes them. */
export class LoadMarket {
  readonly token: string;
  readonly history: Bar[];
  readonly #decimals: number;
  readonly #first: number;
  #value: number;
  #bar: Bar;

  constructor(index: number) {
    this.token = `T${index}`;
    this.#first = 10 ** ((index % 8) - 4) * (1 + (index % 90) / 10);
    this.#decimals = Math.max(2, 5 - Math.floor(Math.log10(this.#first)));
    this.#value = this.#first;
    const now = Math.floor(Date.now() / 1_000) * 1_000;
    this.#bar = this.#newBar(now);
    // As varied as what comes live: equal texts are one in memory, and the page would seem to grow while they are replaced.
    this.history = Array.from({ length: SECONDS }, (_, age) => {
      for (const tick of [0, 250, 500, 750]) this.move(now - (SECONDS - age) * 1_000 + tick);
      return this.#bar;
    });
  }

  get bar(): Batch['bars'][number] {
    return { token: this.token, ...this.#bar };
  }

  move(now: EpochMs): void {
    this.#value += (Math.random() - 0.5) * this.#first * 0.0008;
    const close = this.#value.toFixed(this.#decimals);
    const second = Math.floor(now / 1_000) * 1_000;
    if (second !== this.#bar.time) this.#bar = this.#newBar(second);
    const high = Number(close) > Number(this.#bar.high) ? close : this.#bar.high;
    const low = Number(close) < Number(this.#bar.low) ? close : this.#bar.low;
    this.#bar = { ...this.#bar, high, low, close };
  }

  /** What the batch with that number since the snapshot says of it: first its past, oldest seconds first, then how it moves. */
  barsOf(batch: number): Batch['bars'] {
    const past = this.history.slice(batch * PAST_PER_BATCH, (batch + 1) * PAST_PER_BATCH);
    return past.length > 0 ? past.map(bar => ({ token: this.token, ...bar })) : [this.bar];
  }

  price(now: EpochMs, seq: number): PriceView {
    return {
      token: this.token,
      price: this.#value.toFixed(this.#decimals),
      ...{
        source: 'kraken',
        timestamp: now - 40,
        validUntil: now + 2_000,
        publishedAt: now,
        sourceTime: null,
      },
      ...{ dayOpen: this.#first.toFixed(this.#decimals), dayOpenAt: now - 3_600_000 },
      ...{ eventId: `event-${seq}-${this.token}`, sequence: seq },
    };
  }

  #newBar(time: EpochMs): Bar {
    const price = this.#value.toFixed(this.#decimals);
    return { time, open: price, high: price, low: price, close: price, volume: null };
  }
}
