import { useMemo, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { AlertCount } from '../alerts/alert-count.tsx';
import { useServices } from '../app/services.ts';
import { useMarketChoice } from '../app/use-market-choice.ts';
import { useKeyText } from '../commands/use-key-text.ts';
import { LayoutTabs } from '../layouts/layout-tabs.tsx';
import { formatClock, zoneName } from '../format/times.ts';
import { useRegion } from '../format/use-region.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { About } from './about.tsx';
import { badgesFor } from './badge.ts';
import { LogoIcon, MoonIcon, SunIcon } from './icons.tsx';
import './top-bar.css';

/** Brand, layouts, the way into the palette, what the screen claims to be (live, simulated, stale …), and the time. */
export function TopBar(): ReactElement {
  const { view } = useServices();
  const theme = useStore(view, state => state.theme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header className="top-bar">
      <div className="top-left">
        <LogoIcon />
        <h1>Tenhertz</h1>
        <LayoutTabs />
      </div>
      <PaletteButton />
      <div className="top-right">
        <AlertCount />
        <Badges />
        <ZoneClock />
        <span className="top-tools">
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
      </div>
    </header>
  );
}

/** Looks like a field and opens the palette, which is one. */
function PaletteButton(): ReactElement {
  const { view } = useServices();
  const key = useKeyText('palette.open');
  return (
    <button
      type="button"
      className="palette-button"
      aria-haspopup="dialog"
      onClick={() => view.setState({ dialog: { kind: 'palette' } })}
    >
      <span>Search a token or type a command</span>
      {key !== null && <kbd>{key}</kbd>}
    </button>
  );
}

function Badges(): ReactElement {
  const { screen, vitals, travel } = useServices();
  const when = useStore(travel.state, state => state.when);
  const mode = useStore(screen, state => state.status?.mode ?? null);
  const connection = useStore(vitals, state => state.connection);
  const counts = useStore(vitals, state => state.counts);
  const badges = useMemo(
    () => badgesFor(mode, { connection, counts }, when),
    [mode, connection, counts, when],
  );
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

/** The engine's clock in the zone of the screen, which it names: no other time on the screen has to. */
function ZoneClock(): ReactElement {
  const { timeZone } = useRegion();
  const time = useRef<HTMLTimeElement>(null);
  useAging(now => {
    writeText(time.current, `${formatClock(now)} ${zoneName(now)}`);
    writeAttribute(time.current, 'datetime', `${new Date(now).toISOString().slice(0, 19)}Z`);
  });
  return <time className="clock" ref={time} title={`The engine's clock in ${timeZone}`} />;
}
