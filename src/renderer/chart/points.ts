import type { CandlestickData, HistogramData, Time, UTCTimestamp, WhitespaceData } from 'lightweight-charts';
import type { Bar, EpochMs } from '../../shared/contract.ts';
import type { ChartColors } from './chart-colors.ts';

/** A time as the chart library wants it: seconds. */
export function atSecond(time: EpochMs): UTCTimestamp {
  return Math.floor(time / 1000) as UTCTimestamp;
}

/** A time the chart library gave back; we only ever give it seconds. */
export function fromSecond(time: Time): EpochMs {
  return Number(time) * 1000;
}

export function toCandle({ time, open, high, low, close }: Bar): CandlestickData<UTCTimestamp> {
  return {
    time: atSecond(time),
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
  };
}

export function toPoint({ time, close }: Bar): { time: UTCTimestamp; value: number } {
  return { time: atSecond(time), value: Number(close) };
}

/** The bar's volume as a column in the colour of its direction; nothing where no trade is known. */
export function toColumn(
  { time, open, close, volume }: Bar,
  colors: Pick<ChartColors, 'volumeUp' | 'volumeDown'>,
): HistogramData<UTCTimestamp> | WhitespaceData<UTCTimestamp> {
  if (volume === null) return { time: atSecond(time) };
  const color = Number(close) >= Number(open) ? colors.volumeUp : colors.volumeDown;
  return { time: atSecond(time), value: Number(volume), color };
}

/** The columns in other colours; `candles` tell which way each bar went. */
export function inColors(
  columns: readonly (HistogramData | WhitespaceData)[],
  candles: readonly (CandlestickData | WhitespaceData)[],
  { volumeUp, volumeDown }: Pick<ChartColors, 'volumeUp' | 'volumeDown'>,
): (HistogramData | WhitespaceData)[] {
  const downs = new Set(candles.flatMap(bar => ('close' in bar && bar.close < bar.open ? [bar.time] : [])));
  return columns.map(column => ({
    ...column,
    ...('value' in column ? { color: downs.has(column.time) ? volumeDown : volumeUp } : {}),
  }));
}
