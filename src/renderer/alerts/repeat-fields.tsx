import type { ReactElement } from 'react';
import type { AlertDraft, AlertMode } from '../../shared/alerts.ts';
import type { Faults } from './draft-form.ts';
import { Choice, LengthField, TextField } from './form-parts.tsx';

/** Whether a rule fires once or again, after which way back and which pause. */
export function RepeatFields(props: {
  draft: AlertDraft;
  faults: Faults;
  /** Whether a way back means something for this kind of rule. */
  hysteresis: boolean;
  onChange: (mode: AlertMode) => void;
}): ReactElement {
  const { mode } = props.draft;
  const { faults, onChange } = props;
  return (
    <>
      <Choice
        label="Repeat"
        value={mode.kind}
        options={[
          ['rearm', 'every time it happens'],
          ['once', 'once'],
        ]}
        onChange={kind =>
          onChange(
            kind === 'once'
              ? { kind }
              : { kind, hysteresis: { unit: 'percent', value: '0' }, cooldownMs: 300_000 },
          )
        }
      />
      {mode.kind === 'rearm' && (
        <>
          <LengthField
            {...{ label: 'At most every', name: 'cooldown', smallest: 's', faults }}
            ms={mode.cooldownMs}
            onChange={cooldownMs => onChange({ ...mode, cooldownMs })}
          />
          {props.hysteresis && (
            <div className="alert-pair">
              <TextField
                {...{ label: 'Armed again after going back by', name: 'hysteresis', faults, decimal: true }}
                value={mode.hysteresis.value}
                onChange={value => onChange({ ...mode, hysteresis: { ...mode.hysteresis, value } })}
              />
              <Choice
                label="Unit of the way back"
                value={mode.hysteresis.unit}
                options={[
                  ['percent', '% of the level'],
                  ['distance', 'in its own unit'],
                ]}
                onChange={unit => onChange({ ...mode, hysteresis: { ...mode.hysteresis, unit } })}
              />
            </div>
          )}
        </>
      )}
    </>
  );
}
