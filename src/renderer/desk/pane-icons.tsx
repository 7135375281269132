import type { ReactElement } from 'react';

function Icon({ path }: { path: string }): ReactElement {
  return (
    <svg className="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

export const WatchlistIcon = (): ReactElement => (
  <Icon path="M2.5 4h7M2.5 8h7M2.5 12h7M12.5 3v10M11 4.5 12.5 3 14 4.5" />
);
export const ChartIcon = (): ReactElement => (
  <Icon path="M4 2.5v11M2.8 5h2.4v5H2.8ZM8 1.5v13M6.8 4h2.4v6H6.8ZM12 3.5v10M10.8 6h2.4v4h-2.4Z" />
);
export const TapeIcon = (): ReactElement => <Icon path="M2.5 3.5h11M2.5 6.5h11M2.5 9.5h7M2.5 12.5h9" />;
export const PositionsIcon = (): ReactElement => (
  <Icon path="M2 13.5h12M3.5 13V8.5h2.4V13M6.8 13V5.5h2.4V13M10.1 13V2.5h2.4V13" />
);
export const HealthIcon = (): ReactElement => <Icon path="M1.5 8.5h3l1.8-5 3 9.5 2-4.5h3.2" />;
export const LagIcon = (): ReactElement => <Icon path="M8 4.5V8l2.5 1.5M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z" />;
export const EventsIcon = (): ReactElement => <Icon path="M2.5 3h11v3h-11ZM2.5 8h11v5h-11ZM5 10.5h6" />;

export const KeysIcon = (): ReactElement => (
  <Icon path="M1.8 4h12.4v8H1.8ZM4.5 7h.01M8 7h.01M11.5 7h.01M5 9.5h6" />
);

export const PoolsIcon = (): ReactElement => (
  <Icon path="M8 2.2S3.8 6.6 3.8 9.6a4.2 4.2 0 0 0 8.4 0C12.2 6.6 8 2.2 8 2.2ZM6 10a2.2 2.2 0 0 0 2 2" />
);

export const AlertsIcon = (): ReactElement => (
  <Icon path="M8 2.5a3.6 3.6 0 0 0-3.6 3.6c0 3.4-1.4 4.6-1.4 4.6h10s-1.4-1.2-1.4-4.6A3.6 3.6 0 0 0 8 2.5ZM6.8 13a1.3 1.3 0 0 0 2.4 0" />
);

export const SettingsIcon = (): ReactElement => (
  <Icon path="M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M9 3v3h3V3ZM4 10v3h3v-3Z" />
);

export const SourcesIcon = (): ReactElement => (
  <Icon path="M8 8.5v5M5.2 5.8a4 4 0 0 0 0 5.4M10.8 5.8a4 4 0 0 1 0 5.4M3 3.6a7 7 0 0 0 0 9.8M13 3.6a7 7 0 0 1 0 9.8M7.5 8.5h1" />
);
