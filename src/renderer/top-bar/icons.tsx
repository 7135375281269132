import type { ReactElement, ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }): ReactElement {
  return (
    <svg className="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

/** The brand: one beat of a pulse. */
export function LogoIcon(): ReactElement {
  return (
    <svg className="logo" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M1 11h3.4l2.2-6 3.9 10.5L12.7 9l1.1 2H19" />
    </svg>
  );
}

export function SunIcon(): ReactElement {
  return (
    <Icon>
      <circle cx="8" cy="8" r="3" />
      <path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1" />
    </Icon>
  );
}

export function MoonIcon(): ReactElement {
  return (
    <Icon>
      <path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z" />
    </Icon>
  );
}

export function InfoIcon(): ReactElement {
  return (
    <Icon>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.4v3.4M8 5.1v.2" />
    </Icon>
  );
}

export function PauseIcon(): ReactElement {
  return (
    <Icon>
      <path d="M5.5 4v8M10.5 4v8" />
    </Icon>
  );
}

export function PlayIcon(): ReactElement {
  return (
    <Icon>
      <path d="M5.5 3.8v8.4L12 8Z" />
    </Icon>
  );
}

export function CloseIcon(): ReactElement {
  return (
    <Icon>
      <path d="m4.5 4.5 7 7M11.5 4.5l-7 7" />
    </Icon>
  );
}

export function ReloadIcon(): ReactElement {
  return (
    <Icon>
      <path d="M13 8a5 5 0 1 1-1.5-3.6M13 2.5v2.7h-2.7" />
    </Icon>
  );
}

export function MoreIcon(): ReactElement {
  return (
    <Icon>
      <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2" />
    </Icon>
  );
}

export function PlusIcon(): ReactElement {
  return (
    <Icon>
      <path d="M8 3.5v9M3.5 8h9" />
    </Icon>
  );
}
