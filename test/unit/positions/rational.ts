/**
 * The same accounting as `src/shared/positions.ts` says it does, by other means: whole numbers that count units of 10^-80, and step
 * by step average and profit instead of a running cost. Only for tests.
 */
const PLACES = 80;
const ONE = 10n ** BigInt(PLACES);
const DAY = 86_400_000;

/** A plain decimal text in units of 10^-80. */
export function units(text: string): bigint {
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole + part) * 10n ** BigInt(PLACES - part.length);
  return text.startsWith('-') ? -size : size;
}

/** The decimal digits of a number of units, rounded half away from zero at `places`. */
export function digits(value: bigint, places: number): string {
  const size = value < 0n ? -value : value;
  const step = 10n ** BigInt(PLACES - places);
  const whole = (size + step / 2n) / step;
  const text = whole.toString().padStart(places + 1, '0');
  const written = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  return value < 0n ? `-${written}` : written;
}

const times = (a: bigint, b: bigint): bigint => (a * b) / ONE;

/** A trade as texts; `side` 1 buys, -1 sells. */
export interface PlainTrade {
  side: 1 | -1;
  amount: string;
  price: string;
  fee: string;
  at: number;
}

export interface Reckoning {
  amount: bigint;
  average: bigint | null;
  realised: bigint;
  unrealised: bigint;
  today: bigint;
}

/**
 * What trades come to. Closing a part books `part * (price - average)`; the profit of the day is the difference of two whole
 * balances, now and at midnight, each added up from nothing.
 */
export function reckon(trades: readonly PlainTrade[], mark: string, dayOpen: string, now: number): Reckoning {
  let [amount, average, realised] = [0n, 0n, 0n];
  for (const trade of trades) {
    const change = BigInt(trade.side) * units(trade.amount);
    const price = units(trade.price);
    realised -= units(trade.fee);
    const left = amount + change;
    if (amount === 0n || amount > 0n === change > 0n) {
      average = (amount * average + change * price) / left;
    } else {
      const crosses = left !== 0n && left > 0n !== amount > 0n;
      realised += times(crosses ? amount : -change, price - average);
      if (crosses) average = price;
    }
    amount = left;
  }
  const balance = (upTo: number, at: bigint): bigint => {
    let [held, money] = [0n, 0n];
    for (const trade of trades) {
      if (trade.at >= upTo) continue;
      const change = BigInt(trade.side) * units(trade.amount);
      held += change;
      money -= times(change, units(trade.price)) + units(trade.fee);
    }
    return money + times(held, at);
  };
  return {
    amount,
    average: amount === 0n ? null : average,
    realised,
    unrealised: times(amount, units(mark) - average),
    today: balance(Infinity, units(mark)) - balance(Math.floor(now / DAY) * DAY, units(dayOpen)),
  };
}
