import { useMemo, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { useMarketChoice } from '../app/use-market-choice.ts';
import { formatClock } from '../time/format-time.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { About } from './about.tsx';
import { badgesFor } from './badge.ts';
import { Tabs } from './tabs.tsx';
import { HealthIcon, LogoIcon, MoonIcon, SunIcon } from './icons.tsx';
import type { Page } from '../state/view-store.ts';
import './top-bar.css';

const PAGES: readonly { id: Page; label: string }[] = [
  { id: 'desk', label: 'Desk' },
  { id: 'operations', label: 'Operations' },
];

/** Brand, what the screen claims to be (live, simulated, stale …), the time, and the few switches. */
export function TopBar({
  healthOpen,
  onHealth,
}: {
  healthOpen: boolean;
  onHealth: () => void;
}): ReactElement {
  const { view } = useServices();
  const theme = useStore(view, state => state.theme);
  const page = useStore(view, state => state.page);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header className="top-bar">
      <LogoIcon />
      <h1>Tenhertz</h1>
      <Tabs
        name="page"
        label="Views"
        tabs={PAGES}
        selected={page}
        onSelect={next => view.setState({ page: next })}
      />
      <span className="top-space" />
      <Badges />
      <UtcClock />
      <span className="top-tools">
        <button
          type="button"
          className="icon-button"
          aria-pressed={healthOpen}
          disabled={page !== 'desk'}
          aria-label="System health pane"
          title="Show or hide system health"
          onClick={onHealth}
        >
          <HealthIcon />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={`Use the ${other} theme`}
          title={`Use the ${other} theme`}
          onClick={() => view.setState({ theme: other })}
        >
          {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
        </button>
        <About />
      </span>
    </header>
  );
}

function Badges(): ReactElement {
  const { screen, vitals } = useServices();
  const mode = useStore(screen, state => state.status?.mode ?? null);
  const connection = useStore(vitals, state => state.connection);
  const counts = useStore(vitals, state => state.counts);
  const badges = useMemo(() => badgesFor(mode, { connection, counts }), [mode, connection, counts]);
  const { busy, failed, use } = useMarketChoice();
  return (
    <>
      {failed !== null && <span className="top-failed">{failed}</span>}
      {mode === 'simulated' && connection === 'live' && (
        <button type="button" className="text-button" disabled={busy} onClick={() => use('live')}>
          Try live sources
        </button>
      )}
      {badges.map(badge => (
        <span
          key={badge.id}
          className="badge"
          data-badge={badge.id}
          data-tone={badge.tone}
          title={badge.title}
        >
          <span className="dot" />
          {badge.text}
        </span>
      ))}
    </>
  );
}

function UtcClock(): ReactElement {
  const time = useRef<HTMLTimeElement>(null);
  useAging(now => {
    writeText(time.current, `${formatClock(now)} UTC`);
    writeAttribute(time.current, 'datetime', `${new Date(now).toISOString().slice(0, 19)}Z`);
  });
  return <time className="clock" ref={time} title="The engine's clock" />;
}
