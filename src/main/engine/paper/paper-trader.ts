import { Decimal } from 'decimal.js';
import type { DecimalString, EpochMs, Token } from '../../../shared/contract.ts';
import type { Cancel, Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { LimitedLog, type Logger } from '../logger.ts';

/** Where the paper trader writes; a desk follows both through its wildcards. */
export const PAPER_CHANNELS = { trades: 'trades:paper', positions: 'positions:paper' } as const;

/** Its events carry the simulated market's source name, so they are labelled like its prices. */
const SOURCE = 'simulated';
/** Between two trades, at random. */
const TRADE_EVERY_MS = { min: 300, max: 2_500 };
/** How often the profit of every position is told anew. */
const MARK_EVERY_MS = 2_000;
/** US dollars; most trades are small, a few are large. */
const NOTIONAL = { min: 20, max: 12_000 };
const OPENING = 5_000;

/** The part of the event router the trader uses. */
export interface PaperRouter {
  publish(
    channel: string,
    event: { type: string; source: string; timestamp: EpochMs; data: Record<string, DecimalString> },
  ): Promise<unknown>;
}

export interface PaperTraderDeps {
  clock: Clock;
  log: Logger;
  router: PaperRouter;
  /** Asked before every trade, because the watchlist changes. */
  tokens: () => readonly Token[];
  /** The newest price of a token, if there is one that still stands. */
  price: (token: Token) => DecimalString | undefined;
  /** 0 up to 1. */
  random?: () => number;
}

interface Position {
  amount: Decimal;
  average: Decimal;
  realised: Decimal;
}

/**
 * Buys and sells on paper in the demo, so that tape and positions show what they show with a real trader beside the desk:
 * it publishes `trade_executed` and `position_update` as any other program would. Nothing is traded anywhere.
 */
export function createPaperTrader(deps: PaperTraderDeps): { start(): void; stop(): void } {
  const { clock, router } = deps;
  const random = deps.random ?? Math.random;
  const log = new LimitedLog(deps.log, clock);
  const positions = new Map<Token, Position>();
  let trades = 0;
  let cancelTrade: Cancel | undefined;
  let cancelMark: Cancel | undefined;

  const publish = (channel: string, type: string, data: Record<string, DecimalString>): void => {
    const at = clock.now();
    const event = {
      type,
      source: SOURCE,
      timestamp: at,
      data: { ...data, timestamp: new Date(at).toISOString() },
    };
    router.publish(channel, event).catch((error: unknown) => {
      log.warn('paper', { reason: messageOf(error) }, 'a paper trade was not published');
    });
  };

  const priceOf = (token: Token): Decimal | undefined => {
    const price = deps.price(token);
    return price === undefined ? undefined : new Decimal(price);
  };

  /** Opens with something in hand, so that there is something to sell. */
  const positionOf = (token: Token, price: Decimal): Position => {
    const held = positions.get(token) ?? {
      amount: new Decimal(OPENING).div(price).toSignificantDigits(4),
      average: price,
      realised: new Decimal(0),
    };
    positions.set(token, held);
    return held;
  };

  const tell = (token: Token, price: Decimal): void => {
    const { amount, average, realised } = positionOf(token, price);
    const pnl = realised.plus(amount.times(price.minus(average))).toDecimalPlaces(2);
    publish(PAPER_CHANNELS.positions, 'position_update', {
      token,
      amount: amount.toFixed(),
      pnl: pnl.toFixed(),
    });
  };

  const trade = (): void => {
    const tokens = deps.tokens();
    const token = tokens[Math.floor(random() * tokens.length)];
    const price = token === undefined ? undefined : priceOf(token);
    if (token !== undefined && price !== undefined) {
      const position = positionOf(token, price);
      const notional = NOTIONAL.min * (NOTIONAL.max / NOTIONAL.min) ** (random() ** 2);
      const wanted = new Decimal(notional).div(price).toSignificantDigits(5);
      const buys = random() < 0.5 || position.amount.lte(0);
      const amount = buys ? wanted : Decimal.min(wanted, position.amount);
      settle(position, buys ? amount : amount.negated(), price);
      trades += 1;
      publish(PAPER_CHANNELS.trades, 'trade_executed', {
        id: `paper-${trades}`,
        action: buys ? 'buy' : 'sell',
        token_pair: `${token}/USDC`,
        amount: amount.toFixed(),
        price: price.toFixed(),
      });
      tell(token, price);
    }
    const { min, max } = TRADE_EVERY_MS;
    cancelTrade = clock.after(min + random() * (max - min), trade);
  };

  const markAll = (): void => {
    for (const token of deps.tokens()) {
      const price = priceOf(token);
      if (price !== undefined) tell(token, price);
    }
  };

  return {
    start() {
      cancelTrade = clock.after(TRADE_EVERY_MS.min, trade);
      cancelMark = clock.every(MARK_EVERY_MS, markAll);
    },
    stop() {
      cancelTrade?.();
      cancelMark?.();
    },
  };
}

/** Average-cost accounting: buying moves the average, selling realises the difference to it. */
function settle(position: Position, change: Decimal, price: Decimal): void {
  const amount = position.amount.plus(change);
  if (change.gt(0)) {
    const cost = position.amount.times(position.average).plus(change.times(price));
    position.average = cost.div(amount);
  } else {
    position.realised = position.realised.plus(change.abs().times(price.minus(position.average)));
  }
  position.amount = amount;
}
