import { useId, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { AlertSettingsForm } from '../alerts/alert-settings.tsx';
import { useServices } from '../app/services.ts';
import { useCommand } from '../operations/use-command.ts';
import type { ViewState } from '../state/view-store.ts';
import { RegionFields } from './region-fields.tsx';

/** How the screen looks, and how it writes numbers and times; a choice counts at once. */
export function LookSection(): ReactElement {
  const { view, dock } = useServices();
  const { theme, colours, density } = useStore(view);
  const choose = (part: Partial<ViewState>): void => view.setState(part);
  return (
    <>
      <Radios
        label="Theme"
        value={theme}
        options={{ dark: 'Dark', light: 'Light' }}
        onChange={value => choose({ theme: value })}
      />
      <Radios
        label="Up and down"
        value={colours}
        options={{
          'teal-red': 'Teal and red',
          'blue-orange': 'Blue and orange, for eyes that confuse red and green',
        }}
        onChange={value => choose({ colours: value })}
      />
      <Radios
        label="Rows"
        value={density}
        options={{ comfortable: 'Comfortable', compact: 'Compact' }}
        onChange={value => choose({ density: value })}
      />
      <RegionFields />
      <div className="setting-links">
        <button type="button" className="button" onClick={() => dock.open('keys')}>
          Keys…
        </button>
        <button type="button" className="button" onClick={() => choose({ dialog: { kind: 'welcome' } })}>
          What the numbers mean…
        </button>
      </div>
    </>
  );
}

function Radios<T extends string>(props: {
  label: string;
  value: T;
  options: Readonly<Record<T, string>>;
  onChange: (value: T) => void;
}): ReactElement {
  const name = useId();
  return (
    <fieldset className="setting setting-radios">
      <legend>{props.label}</legend>
      {(Object.entries(props.options) as [T, string][]).map(([value, label]) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={props.value === value}
            onChange={() => props.onChange(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** Sound, notifications and quiet hours; the rules themselves are in the Alerts pane. */
export function AlertsSection(): ReactElement {
  const { alerts, dock } = useServices();
  const muteUntil = useStore(alerts.store, state => state.settings.muteUntil);
  const { busy, failed, run } = useCommand();
  return (
    <>
      {failed !== null && (
        <p className="refusal" role="alert">
          {failed}
        </p>
      )}
      <div className="setting-links">
        {muteUntil !== null && (
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => void run('alerts.mute', { until: null })}
          >
            Let alerts ring again
          </button>
        )}
        <button type="button" className="button" onClick={() => dock.open('alerts')}>
          Rules of alerts, and mute…
        </button>
      </div>
      <AlertSettingsForm {...{ busy, run }} />
    </>
  );
}
