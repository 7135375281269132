import { useEffect, useState, type ReactElement } from 'react';
import type { AppInfo } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { formatMoment } from '../format/times.ts';
import { InfoIcon } from './icons.tsx';

/** Version, and the notice lightweight-charts asks for where its logo is switched off (its NOTICE file). */
export function About(): ReactElement {
  const { link } = useServices();
  const [open, setOpen] = useState(false);
  const [info, setInfo] = useState<AppInfo | null>(null);
  useEffect(() => {
    if (!open) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpen(false);
    };
    document.addEventListener('keydown', onKey);
    // Without an answer the box shows what the page knows by itself.
    link.invoke('app.info', {}).then(setInfo, () => {});
    return () => document.removeEventListener('keydown', onKey);
  }, [open, link]);
  return (
    <span className="about">
      <button
        type="button"
        className="icon-button"
        aria-expanded={open}
        aria-label="About Tenhertz"
        title="About Tenhertz"
        onClick={() => setOpen(!open)}
      >
        <InfoIcon />
      </button>
      {open && (
        <div className="about-box" role="dialog" aria-label="About Tenhertz">
          <p className="about-name">{info === null ? 'Tenhertz' : `${info.name} ${info.version}`}</p>
          {info !== null && (
            <p>
              {info.host === 'desktop' ? 'Desktop app' : 'Gateway'}, running since{' '}
              {formatMoment(info.startedAt)}
            </p>
          )}
          <p>
            Charts: TradingView Lightweight Charts™, Copyright © 2025{' '}
            <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
              TradingView, Inc.
            </a>
          </p>
          <p>Type: Inter, SIL Open Font License 1.1</p>
        </div>
      )}
    </span>
  );
}
