import { useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { QuietHours, QuietRange } from '../../shared/alerts.ts';
import { useServices } from '../app/services.ts';
import { region } from '../format/region.ts';
import type { RunCommand } from '../operations/use-command.ts';
import { SOUND_NAMES, SOUNDS } from './tones.ts';

/** Volume, notifications of the browser, and quiet hours. */
export function AlertSettingsForm({ busy, run }: { busy: boolean; run: RunCommand }): ReactElement {
  const { alerts, bell } = useServices();
  const { volume, notifications } = useStore(bell.store);
  const quiet = useStore(alerts.store, state => state.settings.quietHours);
  return (
    <div className="alert-settings">
      <section aria-label="Sound">
        <h3>Sound</h3>
        <label className="alert-check">
          Volume
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={volume}
            aria-valuetext={`${Math.round(volume * 100)} %`}
            onChange={event => bell.setVolume(Number(event.target.value))}
          />
          <span className="number">{Math.round(volume * 100)} %</span>
        </label>
        <div className="alert-tools" role="group" aria-label="Listen to the sounds">
          {SOUNDS.map(sound => (
            <button key={sound} type="button" className="chip" onClick={() => bell.preview(sound)}>
              {SOUND_NAMES[sound]}
            </button>
          ))}
        </div>
      </section>
      <section aria-label="Notifications">
        <h3>Notifications</h3>
        <p className="alert-hint">{NOTIFICATION_WORDS[notifications]}</p>
        {notifications === 'default' && (
          <button type="button" className="button" onClick={() => void bell.askForNotifications()}>
            Allow notifications
          </button>
        )}
      </section>
      <QuietForm key={JSON.stringify(quiet)} {...{ quiet, busy, run }} />
    </div>
  );
}

const NOTIFICATION_WORDS = {
  app: 'The app shows them, also when no window is open.',
  granted: 'This browser shows them while the page is open.',
  default: 'The browser has to be asked first. They are shown while the page is open.',
  denied: 'The browser refuses them. Allow them in the settings of this page in the browser.',
  unsupported: 'This browser has none. Alerts are shown on the page.',
} as const;

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const NIGHT: QuietRange = { from: '22:00', to: '07:00', days: [] };

function QuietForm(props: { quiet: QuietHours; busy: boolean; run: RunCommand }): ReactElement {
  const [quiet, setQuiet] = useState(props.quiet);
  const change = (part: Partial<QuietHours>): void => setQuiet(before => ({ ...before, ...part }));
  const setRange = (index: number, part: Partial<QuietRange>): void =>
    change({ ranges: quiet.ranges.map((range, at) => (at === index ? { ...range, ...part } : range)) });
  const changed = JSON.stringify(quiet) !== JSON.stringify(props.quiet);
  return (
    <section aria-label="Quiet hours">
      <h3>Quiet hours</h3>
      <label className="alert-check">
        <input
          type="checkbox"
          checked={quiet.enabled}
          onChange={event =>
            change({
              enabled: event.target.checked,
              ...(quiet.ranges.length === 0 ? { ranges: [NIGHT], zone: region().timeZone } : {}),
            })
          }
        />
        Alerts that fire in these hours are written down and make no noise
      </label>
      {quiet.ranges.map((range, index) => (
        <fieldset key={index} className="alert-range">
          <legend className="visually-hidden">Hours {index + 1}</legend>
          <label>
            From{' '}
            <input
              type="time"
              className="field"
              value={range.from}
              onChange={event => setRange(index, { from: event.target.value })}
            />
          </label>
          <label>
            to{' '}
            <input
              type="time"
              className="field"
              value={range.to}
              onChange={event => setRange(index, { to: event.target.value })}
            />
          </label>
          <span className="alert-days" role="group" aria-label="On days">
            {DAYS.map((day, number) => (
              <button
                key={day}
                type="button"
                className="chip"
                aria-label={day}
                aria-pressed={range.days.length === 0 || range.days.includes(number)}
                onClick={() => setRange(index, { days: toggled(range.days, number) })}
              >
                {day.slice(0, 2)}
              </button>
            ))}
          </span>
          <button
            type="button"
            className="chip"
            aria-label={`Remove hours ${index + 1}`}
            onClick={() => change({ ranges: quiet.ranges.filter((_, at) => at !== index) })}
          >
            Remove
          </button>
        </fieldset>
      ))}
      <div className="alert-tools">
        <button type="button" className="chip" onClick={() => change({ ranges: [...quiet.ranges, NIGHT] })}>
          Add hours
        </button>
        <label>
          Time zone{' '}
          <input
            className="field"
            value={quiet.zone}
            spellCheck={false}
            onChange={event => change({ zone: event.target.value.trim() })}
          />
        </label>
        <button
          type="button"
          className="button"
          disabled={props.busy || !changed}
          onClick={() => void props.run('alerts.quiet', { quietHours: quiet })}
        >
          Save quiet hours
        </button>
      </div>
    </section>
  );
}

/** None chosen means every day, so the first one taken away leaves the six others. */
function toggled(days: readonly number[], day: number): number[] {
  const all = days.length === 0 ? [0, 1, 2, 3, 4, 5, 6] : days;
  const next = all.includes(day) ? all.filter(one => one !== day) : [...all, day].sort();
  return next.length === 7 ? [] : next;
}
