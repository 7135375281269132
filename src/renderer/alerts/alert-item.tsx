import { type ReactElement } from 'react';
import type { AlertView } from '../../shared/alerts.ts';
import { useServices } from '../app/services.ts';
import type { RunCommand } from '../operations/use-command.ts';
import { Age, Until } from '../time/age.tsx';
import { conditionWords } from './draft-form.ts';
import { SNOOZES } from './times.ts';

const STATES: Readonly<Record<AlertView['state'], string>> = {
  armed: 'armed',
  fired: 'fired',
  cooling: 'cooling',
  snoozed: 'snoozed',
  disabled: 'off',
};
const TONES: Readonly<Record<AlertView['state'], string>> = {
  armed: 'good',
  fired: 'warn',
  cooling: 'busy',
  snoozed: 'busy',
  disabled: 'off',
};

/** One rule with how it is doing and what can be done with it. */
export function AlertItem(props: {
  view: AlertView;
  busy: boolean;
  run: RunCommand;
  onRemove: () => void;
}): ReactElement {
  const { alerts, ticker } = useServices();
  const { view, run } = props;
  const { rule, state, until } = view;
  const what = conditionWords(rule.condition);
  const name = rule.name === '' ? what : rule.name;
  const ids = [rule.id];
  return (
    <li className="alert-item" data-alert-id={rule.id} data-alert-state={state}>
      <div className="alert-what">
        <button
          type="button"
          className="alert-name"
          aria-label={`Change ${name}`}
          onClick={() => alerts.editRule(rule.id)}
        >
          {name}
        </button>
        {rule.name !== '' && <span className="alert-condition">{what}</span>}
        <span className="alert-state" data-tone={TONES[state]}>
          <span className="dot" />
          {STATES[state]}
          {until !== null && (
            <>
              {' '}
              <Until at={until} />
            </>
          )}
          {view.waiting && ' · waits for the value to come back first'}
          {view.lastFiredAt !== null && (
            <>
              {' · fired '}
              {view.fired > 1 ? `${view.fired} times, last ` : ''}
              <Age since={view.lastFiredAt} /> ago
            </>
          )}
        </span>
      </div>
      <div className="alert-tools" role="group" aria-label={`Actions of ${name}`}>
        <button
          type="button"
          className="chip"
          aria-pressed={rule.enabled}
          disabled={props.busy}
          onClick={() => void run('alerts.enable', { ids, enabled: !rule.enabled })}
        >
          On
        </button>
        {state === 'fired' && (
          <button
            type="button"
            className="chip"
            disabled={props.busy}
            onClick={() => void run('alerts.rearm', { ids })}
          >
            Arm again
          </button>
        )}
        {state === 'snoozed' ? (
          <button
            type="button"
            className="chip"
            disabled={props.busy}
            onClick={() => void run('alerts.snooze', { ids, until: null })}
          >
            Wake
          </button>
        ) : (
          <select
            className="alert-snooze"
            aria-label={`Snooze ${name}`}
            value=""
            disabled={props.busy || !rule.enabled}
            onChange={event => {
              const chosen = SNOOZES[Number(event.target.value)];
              if (chosen !== undefined)
                void run('alerts.snooze', { ids, until: Math.round(chosen.until(ticker.now())) });
            }}
          >
            <option value="">Snooze</option>
            {SNOOZES.map(({ label }, index) => (
              <option key={label} value={index}>
                {label}
              </option>
            ))}
          </select>
        )}
        <button
          type="button"
          className="chip"
          disabled={props.busy}
          onClick={() => void run('alerts.test', { id: rule.id })}
        >
          Test
        </button>
        <button
          type="button"
          className="chip"
          aria-label={`Remove ${name}`}
          disabled={props.busy}
          onClick={props.onRemove}
        >
          Remove
        </button>
      </div>
    </li>
  );
}
