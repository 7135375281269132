import { foldBar, barStart } from '../../../shared/bars.ts';
import type { Bar, BookView, EpochMs, PriceView, Token, TokenBar } from '../../../shared/contract.ts';
import type { Moment, MomentPiece, MomentRange } from '../../../shared/moments.ts';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import { member } from '../events/decode.ts';
import { feedEventOf, type StreamEvent } from '../events/event.ts';
import { priceOf } from '../events/price-event.ts';
import { createPastBooks } from './past-books.ts';
import { mergeEvents, type Past, type PastKind, type Stretch } from './past.ts';

/** Shows the past: any moment whole, and what happened between two of them (R12.5). */
export interface Moments {
  range(): Promise<MomentRange>;
  density(since: EpochMs, until: EpochMs, buckets: number): Promise<number[]>;
  /** Rejects with `BAD_MOMENT` for a time that has not come yet. */
  read(at: EpochMs): Promise<Moment>;
  play(since: EpochMs, until: EpochMs, stepMs: number): Promise<MomentPiece>;
}

export interface MomentsDeps {
  streams: Past;
  /** `undefined`: the ledger is off. */
  ledger: Past | undefined;
  /** The newest closed bar of a token before a time: its price where no tick is kept any more. */
  barBefore: (token: Token, before: EpochMs) => Promise<Bar | undefined>;
  tokens: () => readonly Token[];
  /** Whether an event belongs to the market on the screen. */
  belongs: (event: StreamEvent) => boolean;
  clock: Clock;
}

const SHOWN_EVENTS = 500;
/** Ticks read back for the newest price of each token. */
const TICKS_BACK = 3_000;
const PIECE_EVENTS = 5_000;
const PIECE_TICKS = 20_000;
const LONGEST_PIECE_MS = 3_600_000;

/**
 * Makes the moments of streams and ledger. Both are asked and their answers joined by event id; when one of them is away the
 * other's part is shown with a note that says what is missing. Rejects only when neither answers.
 */
export function createMoments(deps: MomentsDeps): Moments {
  const { streams, ledger, clock } = deps;

  /** Asks both; tells in plain words which one did not answer. */
  const ask = async <T>(
    question: (past: Past) => Promise<T>,
  ): Promise<{ answers: T[]; note: string | null }> => {
    const asked = ledger === undefined ? [streams] : [streams, ledger];
    const results = await Promise.allSettled(asked.map(question));
    const answers = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = results.find(result => result.status === 'rejected');
    if (answers.length === 0 && failed !== undefined) throw failed.reason;
    if (failed === undefined) return { answers, note: null };
    const who = results[0]?.status === 'rejected' ? 'Redis' : 'The ledger';
    return { answers, note: `${who} does not answer, so a part may be missing: ${messageOf(failed.reason)}` };
  };

  const before = async (kind: PastKind, at: EpochMs, limit: number) => {
    const { answers, note } = await ask(past => past.before(kind, at, limit));
    return {
      events: mergeEvents(...answers)
        .filter(deps.belongs)
        .slice(-limit),
      note,
    };
  };

  const between = async (kind: PastKind, since: EpochMs, until: EpochMs, limit: number) => {
    const { answers, note } = await ask(past => past.between(kind, since, until, limit));
    return { ...joinStretches(answers, until), note };
  };

  const pricesAt = async (at: EpochMs): Promise<{ prices: PriceView[]; note: string | null }> => {
    const { events, note } = await before('prices', at, TICKS_BACK);
    const prices = new Map(viewsOf(events).map(view => [view.token, view]));
    const missing = deps.tokens().filter(token => !prices.has(token));
    for (const token of missing) {
      const bar = await deps.barBefore(token, at);
      if (bar !== undefined) prices.set(token, viewOfBar(token, bar));
    }
    return { prices: [...prices.values()], note };
  };

  const pastBooks = createPastBooks(
    (since, until, limit) => between('records', since, until, limit),
    deps.belongs,
  );
  /** Positions are a part of the screen, not a reason to show none of it. */
  const booksAt = async (at: EpochMs): Promise<{ books: BookView[]; note: string | null }> => {
    const { books, whole } = await pastBooks.at(at);
    const note = whole
      ? null
      : 'There are too many trades before this moment to reckon every position from them.';
    return { books, note };
  };

  const notYet = (at: EpochMs): void => {
    if (at > clock.now())
      throw new TenhertzError('BAD_MOMENT', 'This moment has not come yet; choose one in the past.', {
        exitCode: 2,
      });
  };

  return {
    async range() {
      const { answers } = await ask(past => past.oldest());
      const known = answers.filter(time => time !== null);
      return {
        from: known.length === 0 ? null : Math.min(...known),
        to: clock.now(),
        ledger: ledger !== undefined,
      };
    },
    async density(since, until, buckets) {
      // The ledger counts everything; the streams stand in for it where it is off or away.
      const counted = await (ledger ?? streams)
        .density(since, until, buckets)
        .catch(() => streams.density(since, until, buckets));
      return counted;
    },
    async read(at) {
      notYet(at);
      const [prices, records, positions, statuses, kept] = await Promise.all([
        pricesAt(at),
        before('records', at, SHOWN_EVENTS),
        ask(past => past.positions(at)),
        ask(past => past.statuses(at)),
        booksAt(at),
      ]);
      return {
        at,
        prices: prices.prices,
        events: records.events.filter(({ type }) => type !== 'position_update').map(feedEventOf),
        positions: newestBy(mergeEvents(...positions.answers), positionKey).map(feedEventOf),
        statuses: newestBy(
          mergeEvents(...statuses.answers).filter(event => event.type === 'system_status'),
          componentKey,
        ).map(feedEventOf),
        books: kept.books,
        note: prices.note ?? records.note ?? positions.note ?? kept.note,
      };
    },
    async play(since, until, stepMs) {
      notYet(until);
      const end = Math.min(until, since + LONGEST_PIECE_MS);
      const ticks = await between('prices', since, end, PIECE_TICKS);
      const records = await between('records', since, ticks.until, PIECE_EVENTS);
      const views = viewsOf(
        ticks.events.filter(event => event.entryTime <= records.until && deps.belongs(event)),
      );
      return {
        until: records.until,
        prices: conflate(views, since, stepMs),
        bars: barsOf(views),
        events: records.events.filter(deps.belongs).map(feedEventOf),
        books: (await booksAt(records.until)).books,
        note: ticks.note ?? records.note,
      };
    },
  };
}

/** A stretch is complete up to where each of its parts is. */
function joinStretches(parts: readonly Stretch[], until: EpochMs): Stretch {
  const reached = Math.min(until, ...parts.map(part => part.until));
  const events = mergeEvents(...parts.map(part => part.events)).filter(event => event.entryTime <= reached);
  return { events, until: reached };
}

function viewsOf(events: readonly StreamEvent[]): PriceView[] {
  return events.flatMap(event => {
    const view = priceOf(event);
    return 'reason' in view ? [] : [view];
  });
}

/** The close of a bar as a price nobody vouches for any more. */
function viewOfBar(token: Token, bar: Bar): PriceView {
  return {
    token,
    price: bar.close,
    source: 'history',
    timestamp: bar.time,
    validUntil: bar.time,
    publishedAt: bar.time,
    sourceTime: null,
    dayOpen: null,
    dayOpenAt: null,
    eventId: `history/${token}/${bar.time}`,
    sequence: null,
  };
}

/** The last of each key, in the order they came. */
function newestBy(events: readonly StreamEvent[], keyOf: (event: StreamEvent) => string): StreamEvent[] {
  const newest = new Map<string, StreamEvent>();
  for (const event of events) {
    newest.delete(keyOf(event));
    newest.set(keyOf(event), event);
  }
  return [...newest.values()];
}

const positionKey = (event: StreamEvent): string => `${event.channel} ${String(member(event.data, 'token'))}`;

const componentKey = ({ data, source }: StreamEvent): string => {
  const component = member(data, 'component');
  return `${source} ${typeof component === 'string' ? component : ''}`;
};

/** The newest price of each token in each step of `stepMs` after `since`. */
function conflate(views: readonly PriceView[], since: EpochMs, stepMs: number): PriceView[] {
  const steps = new Map<string, PriceView>();
  for (const view of views)
    steps.set(`${Math.floor((view.publishedAt - since) / stepMs)} ${view.token}`, view);
  return [...steps.values()];
}

function barsOf(views: readonly PriceView[]): TokenBar[] {
  const bars = new Map<string, TokenBar>();
  for (const { token, price, publishedAt } of views) {
    const start = barStart(publishedAt, '1s');
    const key = `${token} ${start}`;
    bars.set(key, { token, ...foldBar(bars.get(key), start, price) });
  }
  return [...bars.values()];
}
