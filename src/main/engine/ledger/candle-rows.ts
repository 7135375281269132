import type { Bar, EpochMs } from '../../../shared/contract.ts';
import type { BarPlace, Series, StoredBar } from './candle-series.ts';
import type { LedgerDatabase } from './database.ts';

/** The ledger's bars: a day of seconds and a year of minutes. */
export interface CandleRows extends BarPlace {
  /** Bars of `lengthMs`, a multiple of the series' interval, folded by the server; `from` and `to` are whole multiples of it. */
  folded(series: Series, from: EpochMs, to: EpochMs, lengthMs: number): Promise<Bar[]>;
}

interface Row {
  time: string;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string | null;
}

/** Makes the bars of table `candle`. Everything rejects with the errors of {@link LedgerDatabase}. */
export function createCandleRows(database: LedgerDatabase): CandleRows {
  const edge = async (name: string, text: string, values: unknown[]): Promise<EpochMs | undefined> => {
    const { rows } = await database.query<{ time: string | null }>({ name, text, values });
    const time = rows[0]?.time ?? null;
    return time === null ? undefined : Number(time);
  };

  return {
    async write(bars) {
      // In one order everywhere: several desktops write the same bars and would else lock each other out.
      const sorted = bars.toSorted(byKey);
      const column = (pick: (one: StoredBar) => string | number | null): (string | number | null)[] =>
        sorted.map(pick);
      await database.query({
        name: 'candles-write',
        text: `INSERT INTO candle (market, token, interval, time, open, high, low, close, volume)
               SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::numeric[], $6::numeric[],
                 $7::numeric[], $8::numeric[], $9::numeric[])
               ON CONFLICT (market, token, interval, time) DO UPDATE SET
                 open = excluded.open, close = excluded.close, high = greatest(candle.high, excluded.high),
                 low = least(candle.low, excluded.low), volume = greatest(candle.volume, excluded.volume)
               WHERE candle.open <> excluded.open OR candle.close <> excluded.close OR candle.high < excluded.high
                 OR candle.low > excluded.low OR candle.volume IS DISTINCT FROM greatest(candle.volume, excluded.volume)`,
        values: [
          column(({ market }) => market),
          column(({ token }) => token),
          column(({ interval }) => interval),
          column(({ bar }) => bar.time),
          column(({ bar }) => bar.open),
          column(({ bar }) => bar.high),
          column(({ bar }) => bar.low),
          column(({ bar }) => bar.close),
          column(({ bar }) => bar.volume),
        ],
      });
    },
    async read({ market, token, interval }, from, to) {
      const { rows } = await database.query<Row>({
        name: 'candles-read',
        text: `SELECT time, open, high, low, close, volume FROM candle
               WHERE market = $1 AND token = $2 AND interval = $3 AND time >= $4 AND time < $5 ORDER BY time`,
        values: [market, token, interval, from, to],
      });
      return rows.map(barOf);
    },
    async folded({ market, token, interval }, from, to, lengthMs) {
      const { rows } = await database.query<Row>({
        name: 'candles-folded',
        text: `SELECT time / $6 * $6 AS time, (array_agg(open ORDER BY time))[1] AS open, max(high) AS high, min(low) AS low,
                 (array_agg(close ORDER BY time DESC))[1] AS close, sum(volume) AS volume
               FROM candle WHERE market = $1 AND token = $2 AND interval = $3 AND time >= $4 AND time < $5
               GROUP BY time / $6 ORDER BY 1`,
        values: [market, token, interval, from, to, lengthMs],
      });
      return rows.map(barOf);
    },
    oldest: ({ market, token, interval }) =>
      edge(
        'candles-oldest',
        'SELECT min(time) AS time FROM candle WHERE market = $1 AND token = $2 AND interval = $3',
        [market, token, interval],
      ),
    newestBefore: ({ market, token, interval }, before) =>
      edge(
        'candles-newest',
        'SELECT max(time) AS time FROM candle WHERE market = $1 AND token = $2 AND interval = $3 AND time < $4',
        [market, token, interval, before],
      ),
  };
}

function barOf({ time, ...prices }: Row): Bar {
  return { time: Number(time), ...prices };
}

function byKey(a: StoredBar, b: StoredBar): number {
  const [left, right] = [a, b].map(({ market, token, interval }) => `${market} ${interval} ${token}`);
  if (left === right) return a.bar.time - b.bar.time;
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
