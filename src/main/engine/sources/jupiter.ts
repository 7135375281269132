import { z } from 'zod';
import type { Cancel, Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { backoffMs } from './backoff.ts';
import { parseJsonWithDecimals } from './decimal-json.ts';
import { pollHttp, type Poll } from './http-poll.ts';
import { QuoteBook, type StatusPart } from './quote-book.ts';
import { readPrice } from './read-price.ts';
import type { Source } from './source.ts';
import type { ResolvedToken } from './tokens.ts';
import { excerpt } from './venue.ts';

/** The current host; `lite-api.jup.ag` is being retired. */
export const JUPITER_URL = 'https://api.jup.ag';
/** Ids one call may ask for. */
export const MAX_IDS = 50;
/** Without a key an account gets 30 calls a minute, with a free key 60. */
const CADENCE_MS = { keyless: 2_000, withKey: 1_000 } as const;
/** A poll vouches for a little longer than until the next is due. */
const VALID_CADENCES = 1.5;
/** The longest wait after 429 or repeated failure: the limit's sliding window is 60 s. */
const LONGEST_WAIT_MS = 60_000;

const Entry = z.object({ usdPrice: z.string().nullish(), blockId: z.string().nullish() });

export interface JupiterOptions {
  /** The host, without a path. */
  baseUrl: string;
  tokens: readonly ResolvedToken[];
  apiKey?: string | undefined;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  fetch?: typeof fetch | undefined;
  random?: (() => number) | undefined;
}

interface Asked {
  token: string;
  mint: string;
}

/** The tokens that have a mint, as many at a time as one call may ask for. */
function turnsOf(tokens: readonly ResolvedToken[]): Asked[][] {
  const asked = tokens.flatMap(({ token, mint }) => (mint === null ? [] : [{ token, mint }]));
  return Array.from({ length: Math.ceil(asked.length / MAX_IDS) }, (_, turn) =>
    asked.slice(turn * MAX_IDS, (turn + 1) * MAX_IDS),
  );
}

/**
 * Jupiter's price API v3: one call for all tokens, every 2 s without a key, every second with one. A mint the answer leaves
 * out is no longer vouched for; a failed poll vouches for nothing. More than {@link MAX_IDS} tokens are asked in turns.
 * https://dev.jup.ag/docs/price/v3
 */
export function createJupiterSource(options: JupiterOptions): Source {
  const { clock, apiKey } = options;
  const random = options.random ?? Math.random;
  let turns = turnsOf(options.tokens);
  const cadenceMs = apiKey === undefined ? CADENCE_MS.keyless : CADENCE_MS.withKey;
  const validForMs = (): number => VALID_CADENCES * cadenceMs * Math.max(1, turns.length);
  const book = new QuoteBook({
    source: 'jupiter',
    asked: turns.flat().map(({ token }) => token),
    clock,
    log: options.log,
    metrics: options.metrics,
    validForMs: validForMs(),
  });
  const blocks = new Map<string, number>();
  let running = false;
  /** Nothing was asked, so no call is under way or waits. */
  let idle = true;
  let turn = 0;
  let failures = 0;
  let trouble: (Pick<StatusPart, 'state'> & { message: string; nextAttemptAt?: number }) | null = null;
  let cancelNext: Cancel = () => undefined;
  let underWay: { abort: AbortController; done: Promise<void> } | undefined;

  const takeEntry = (token: string, mint: string, value: unknown): void => {
    const entry = Entry.safeParse(value);
    if (!entry.success) {
      book.withdraw(token);
      book.refuse('malformed', `${token}: ${excerpt(JSON.stringify(value))}`);
      return;
    }
    const { usdPrice, blockId } = entry.data;
    if (usdPrice === undefined || usdPrice === null) {
      book.withdraw(token);
      return;
    }
    const reading = readPrice(usdPrice);
    if (!reading.ok) {
      book.withdraw(token);
      book.refuse(reading.reason, `${token}: ${excerpt(usdPrice)}`);
      return;
    }
    // The only order Jupiter gives: the block of the last swap. Servers behind one address may lag each other.
    const block = blockId === undefined || blockId === null ? Number.NaN : Number(blockId);
    if (block < (blocks.get(mint) ?? 0)) {
      book.refuse('old', `${token}: block ${block} after ${blocks.get(mint)}`);
      return;
    }
    if (!Number.isNaN(block)) blocks.set(mint, block);
    book.offer(token, reading.price, null);
  };

  const takeBody = (tokens: readonly Asked[], body: string): boolean => {
    let value: unknown;
    try {
      value = parseJsonWithDecimals(body);
    } catch {
      value = undefined;
    }
    const prices = z.record(z.string(), z.unknown()).safeParse(value);
    if (!prices.success) {
      book.refuse('malformed', excerpt(body));
      return false;
    }
    const wanted = new Set(turns.flat().map(({ token }) => token));
    for (const { token, mint } of tokens.filter(asked => wanted.has(asked.token))) {
      // A mint that is left out has no price now.
      if (Object.hasOwn(prices.data, mint)) takeEntry(token, mint, prices.data[mint]);
      else book.withdraw(token);
    }
    return true;
  };

  const fail = (state: StatusPart['state'], message: string, waitMs: number): void => {
    failures += 1;
    book.withdraw();
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(cadenceMs, Math.ceil(waitMs)));
    trouble = { state, message, nextAttemptAt: clock.now() + wait };
    cancelNext = clock.after(wait, poll);
  };
  const backOff = (): number => backoffMs(failures + 1, random(), { baseMs: cadenceMs, capMs: 30_000 });

  const take = (answer: Poll, tokens: readonly Asked[], startedAt: number): void => {
    switch (answer.kind) {
      case 'answered':
        book.heard();
        if (!takeBody(tokens, answer.body)) {
          fail(
            'down',
            'Jupiter answered something that is not a list of prices. It is asked again.',
            backOff(),
          );
          return;
        }
        failures = 0;
        trouble = null;
        cancelNext = clock.after(Math.max(1, startedAt + cadenceMs - clock.monotonic()), poll);
        return;
      case 'rate-limited':
        fail(
          'rate-limited',
          'Jupiter allows no more calls for a moment (429). It is asked again when the limit is over.',
          answer.resetAt === null ? backOff() : answer.resetAt - clock.now(),
        );
        return;
      case 'refused':
        fail(
          'refused',
          apiKey === undefined
            ? `Jupiter refuses to answer (${answer.status}). Set JUPITER_API_KEY, or choose other sources.`
            : `Jupiter refuses the API key (${answer.status}). Correct JUPITER_API_KEY, or remove it: prices then come every 2 s without one.`,
          LONGEST_WAIT_MS,
        );
        return;
      case 'failed':
        if (answer.tooLarge) book.refuse('too-large', answer.message);
        fail('down', `Jupiter cannot be asked: ${answer.message}. It is tried again.`, backOff());
    }
  };

  function poll(): void {
    idle = turns.length === 0;
    if (idle) return;
    const tokens = turns[turn % turns.length] ?? [];
    turn += 1;
    const startedAt = clock.monotonic();
    const abort = new AbortController();
    const done = pollHttp({
      url: `${options.baseUrl.replace(/\/+$/, '')}/price/v3?ids=${tokens.map(({ mint }) => mint).join(',')}`,
      apiKey,
      clock,
      abort,
      fetch: options.fetch ?? fetch,
    })
      .then(answer => {
        if (running) take(answer, tokens, startedAt);
      })
      .catch((error: unknown) => {
        if (running) fail('down', `Jupiter's answer could not be used: ${messageOf(error)}.`, backOff());
      });
    underWay = { abort, done };
  }

  return {
    name: 'jupiter',
    start() {
      if (running) return;
      running = true;
      poll();
    },
    async stop() {
      running = false;
      cancelNext();
      underWay?.abort.abort();
      await underWay?.done;
    },
    ask(tokens) {
      turns = turnsOf(tokens);
      book.ask(
        turns.flat().map(({ token }) => token),
        validForMs(),
      );
      // A call that is under way or waits goes on with the new list.
      if (running && idle) poll();
    },
    observation: token => book.observation(token),
    status() {
      if (turns.length === 0)
        return book.status({ state: 'off', message: 'Jupiter prices none of the chosen tokens.' });
      if (!running) return book.status({ state: 'off', message: null });
      if (trouble !== null) return book.status({ ...trouble, attempt: failures });
      if (book.vouching() > 0) return book.status({ state: 'live', message: null });
      return book.status({
        state: book.lastHeardAt === null ? 'connecting' : 'silent',
        message: 'Jupiter has given no price yet.',
      });
    },
  };
}
