import { useId, useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { AlertState } from '../../shared/alerts.ts';
import { useServices } from '../app/services.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { Confirm } from '../operations/confirm.tsx';
import { useCommand } from '../operations/use-command.ts';
import { Until } from '../time/age.tsx';
import { AlertItem } from './alert-item.tsx';
import { AlertSettingsForm } from './alert-settings.tsx';
import { alertCountWords } from './alert-words.ts';
import { DeliveryList } from './delivery-list.tsx';
import { firstCondition } from './draft-form.ts';
import { TEMPLATES } from './templates.ts';
import { SNOOZES } from './times.ts';
import './alerts.css';

type View = 'rules' | 'log' | 'settings';

/** The trader's alerts: the rules and how they are doing, what fired, and when nothing may ring. */
export function AlertsPane(): ReactElement {
  const { alerts } = useServices();
  const [view, setView] = useState<View>('rules');
  const { ready, counts, total, problem, unacknowledged, settings } = useStore(alerts.store);
  const { busy, failed, run } = useCommand();
  const panel = useId();
  return (
    <div className="alerts">
      <PaneTools>
        <span className="pane-note">{ready ? alertCountWords(counts, total) : 'waiting for the engine'}</span>
      </PaneTools>
      <div className="alert-bar">
        <div className="alert-views" role="group" aria-label="What is shown">
          {(
            [
              ['rules', 'Rules'],
              ['log', unacknowledged > 0 ? `Log (${unacknowledged} new)` : 'Log'],
              ['settings', 'Sound and quiet hours'],
            ] as const
          ).map(([name, label]) => (
            <button
              key={name}
              type="button"
              className="chip"
              aria-pressed={view === name}
              aria-controls={panel}
              onClick={() => setView(name)}
            >
              {label}
            </button>
          ))}
        </div>
        <MuteBar {...{ busy, run }} muteUntil={settings.muteUntil} />
      </div>
      {problem !== null && (
        <p className="alert-problem" role="alert">
          {problem}
        </p>
      )}
      {failed !== null && (
        <p className="refusal alert-refusal" role="alert">
          {failed}
        </p>
      )}
      <HeldSound />
      <div className="alert-scroll" id={panel} tabIndex={0} role="group" aria-label={LABELS[view]}>
        {view === 'rules' && <Rules {...{ busy, run }} />}
        {view === 'log' && <DeliveryList />}
        {view === 'settings' && <AlertSettingsForm {...{ busy, run }} />}
      </div>
    </div>
  );
}

const LABELS: Readonly<Record<View, string>> = {
  rules: 'Alert rules',
  log: 'Alert log',
  settings: 'Alert settings',
};

type Run = ReturnType<typeof useCommand>['run'];

function MuteBar(props: { muteUntil: number | null; busy: boolean; run: Run }): ReactElement {
  const { ticker } = useServices();
  const { muteUntil, run } = props;
  if (muteUntil !== null && muteUntil > ticker.now()) {
    return (
      <span className="alert-muted" data-tone="warn">
        <span className="dot" />
        All muted, again <Until at={muteUntil} />
        <button type="button" className="chip" onClick={() => void run('alerts.mute', { until: null })}>
          Unmute
        </button>
      </span>
    );
  }
  return (
    <select
      className="alert-snooze"
      aria-label="Mute all alerts"
      value=""
      disabled={props.busy}
      onChange={event => {
        const chosen = SNOOZES[Number(event.target.value)];
        if (chosen !== undefined) void run('alerts.mute', { until: Math.round(chosen.until(ticker.now())) });
      }}
    >
      <option value="">Mute all</option>
      {SNOOZES.map(({ label }, index) => (
        <option key={label} value={index}>
          {label}
        </option>
      ))}
    </select>
  );
}

function HeldSound(): ReactElement | null {
  const { bell } = useServices();
  const held = useStore(bell.store, state => state.held);
  return held ? (
    <p className="alert-problem" role="status">
      An alert was silent because the browser lets a page make no sound before it is clicked. This click was
      enough.
    </p>
  ) : null;
}

/** Those that need a look first. */
const ORDER: Readonly<Record<AlertState, number>> = {
  fired: 0,
  cooling: 1,
  armed: 2,
  snoozed: 3,
  disabled: 4,
};

function Rules({ busy, run }: { busy: boolean; run: Run }): ReactElement {
  const { alerts } = useServices();
  const { ready, rules, total } = useStore(alerts.store);
  const [removing, setRemoving] = useState<string | null>(null);
  if (!ready) {
    return (
      <ul className="alert-list" aria-busy="true" aria-label="Alerts are being loaded">
        {[60, 45, 70].map(width => (
          <li key={width} className="alert-item">
            <span className="skeleton" style={{ width: `${width}%`, height: 14 }} />
          </li>
        ))}
      </ul>
    );
  }
  const sorted = [...rules.values()].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
  const asked = removing === null ? undefined : rules.get(removing);
  return (
    <>
      <NewAlert />
      {sorted.length === 0 ? (
        <p className="pane-empty">
          <strong>No alerts yet.</strong> Make one here, from a token in the watchlist, or on the chart. They
          are watched for as long as Tenhertz runs, also without a window.
        </p>
      ) : (
        <ul className="alert-list" aria-label="Alerts">
          {sorted.map(view => (
            <AlertItem
              key={view.rule.id}
              {...{ view, busy, run }}
              onRemove={() => setRemoving(view.rule.id)}
            />
          ))}
        </ul>
      )}
      {total > rules.size && <p className="alert-hint">{total - rules.size} more are being loaded.</p>}
      {asked !== undefined && (
        <Confirm
          question="Remove this alert? What it has fired stays in the log."
          yes="Remove"
          onYes={() => {
            setRemoving(null);
            void run('alerts.remove', { ids: [asked.rule.id] });
          }}
          onNo={() => setRemoving(null)}
        />
      )}
    </>
  );
}

function NewAlert(): ReactElement {
  const { alerts, screen } = useServices();
  const token = (): string => screen.getState().tokens[0] ?? '';
  return (
    <div className="alert-new">
      <button
        type="button"
        className="button button-main"
        onClick={() => alerts.openEditor({ condition: firstCondition('price', token()) })}
      >
        New alert
      </button>
      <select
        className="alert-snooze"
        aria-label="Begin with a template"
        value=""
        onChange={event => {
          const template = TEMPLATES[Number(event.target.value)];
          if (template === undefined) return;
          const price = screen.getState().prices.get(token());
          alerts.openEditor({ condition: template.condition(token(), price) });
        }}
      >
        <option value="">Templates</option>
        {TEMPLATES.map(({ label }, index) => (
          <option key={label} value={index}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
