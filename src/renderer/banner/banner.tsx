import { useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { useMarketChoice } from '../app/use-market-choice.ts';
import { engineNow } from '../state/screen-state.ts';
import { writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { noticeFor, noticeWords, type NoticeKind } from './notice.ts';
import './banner.css';

/** The notice over the chart: what is wrong with the numbers, since when, and what happens next. Nothing when all is well. */
export function Banner({ token }: { token: Token | null }): ReactElement | null {
  const { screen, vitals } = useServices();
  const status = useStore(screen, state => state.status);
  const connection = useStore(vitals, state => state.connection);
  const counts = useStore(vitals, state => state.counts);
  const selected = useStore(vitals, state =>
    token === null ? 'unavailable' : (state.freshness.get(token) ?? 'unavailable'),
  );
  const kind = noticeFor({ connection, status, counts, token, selected });
  return kind === null ? null : <Notice kind={kind} token={token} />;
}

function Notice({ kind, token }: { kind: NoticeKind; token: Token | null }): ReactElement {
  const { screen } = useServices();
  const { busy, failed, use } = useMarketChoice();
  const headline = useRef<HTMLElement>(null);
  const detail = useRef<HTMLSpanElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [full, setFull] = useState('');
  useAging(now => {
    const state = screen.getState();
    const price = token === null ? undefined : state.prices.get(token);
    const heardAt = state.receivedAt === null ? now : engineNow(state, state.receivedAt);
    const words = noticeWords(kind, {
      status: state.status,
      token,
      vouchedAt: price?.timestamp ?? null,
      silentFor: now - heardAt,
      now,
    });
    writeText(headline.current, words.headline);
    writeText(detail.current, words.detail);
  });
  return (
    <div
      className="banner"
      role="note"
      aria-label="Notice"
      data-notice={kind}
      ref={box}
      title={full}
      onPointerEnter={() => setFull(detail.current?.textContent ?? '')}
    >
      <span className="banner-mark" aria-hidden="true" />
      <p>
        <strong ref={headline} /> <span ref={detail} />
        {failed !== null && <span className="banner-failed"> {failed}</span>}
      </p>
      {kind === 'no-sources' && (
        <button type="button" className="button" disabled={busy} onClick={() => use('simulated')}>
          Use the simulated market
        </button>
      )}
    </div>
  );
}
