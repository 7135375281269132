import { useRef, type ReactElement, type ReactNode } from 'react';
import { useStore } from 'zustand/react';
import type { Token } from '../../shared/contract.ts';
import { freshnessOf } from '../../shared/freshness.ts';
import { useServices } from '../app/services.ts';
import { FRESHNESS_WORDS, pairName, sourceName } from '../state/names.ts';
import { Age } from '../time/age.tsx';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { PriceText } from '../watchlist/price-text.tsx';
import { DayChange } from './day-change.tsx';

export interface ChartHeaderProps {
  token: Token | null;
  legend: ReactNode;
  /** Intervals and tools, at the right end. */
  children: ReactNode;
}

/** Pair, headline price, change, age and source of the token on the chart, and the legend of the bar pointed at. */
export function ChartHeader({ token, legend, children }: ChartHeaderProps): ReactElement {
  const { screen } = useServices();
  const price = useStore(screen, state => (token === null ? undefined : state.prices.get(token)));
  const decimals = useStore(screen, state => (token === null ? 0 : (state.decimals.get(token) ?? 0)));
  const headline = useRef<HTMLSpanElement>(null);
  const vouched = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  useAging(now => {
    const freshness = freshnessOf(price, now);
    writeAttribute(headline.current, 'data-freshness', freshness);
    writeAttribute(vouched.current, 'data-freshness', freshness);
    writeText(
      words.current,
      freshness === 'fresh' || freshness === 'unavailable' ? '' : FRESHNESS_WORDS[freshness],
    );
  });
  return (
    <div className="chart-header">
      <div className="chart-line">
        <div className="chart-title">
          {token === null ? (
            <NoToken />
          ) : (
            <>
              <h2 className="pair">{pairName(token)}</h2>
              <span
                className="headline"
                ref={headline}
                data-event-id={price?.eventId}
                data-price={price?.price}
              >
                {price === undefined ? (
                  '—'
                ) : (
                  <PriceText key={token} price={price.price} decimals={decimals} />
                )}
              </span>
              {price !== undefined && <DayChange price={price} />}
              <span className="vouched" ref={vouched}>
                <span className="dot" />
                {price === undefined ? (
                  'no price yet'
                ) : (
                  <>
                    <Age since={price.timestamp} />
                    <span className="vouched-words" ref={words} />
                    <span className="vouched-dot" aria-hidden="true">
                      ·
                    </span>
                    <span className="vouched-source">{sourceName(price.source)}</span>
                  </>
                )}
              </span>
            </>
          )}
        </div>
        {children}
      </div>
      {legend}
    </div>
  );
}

/** In the place of the headline: its outline while loading, words when there is nothing to show. */
function NoToken(): ReactElement {
  const { screen } = useServices();
  const started = useStore(screen, state => state.status !== null);
  if (started) return <h2 className="pair">No token</h2>;
  return (
    <>
      <span className="skeleton skeleton-pair" />
      <span className="skeleton skeleton-headline" />
    </>
  );
}
