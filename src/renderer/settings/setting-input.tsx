import type { ReactElement } from 'react';
import type { SettingField } from '../../shared/settings.ts';
import type { Draft } from './drafts.ts';
import { RulesInput } from './rules-input.tsx';

interface InputProps {
  id: string;
  field: SettingField;
  value: Exclude<Draft, null>;
  /** It is to be taken out of the file. */
  removed: boolean;
  describedBy: string;
  invalid: boolean;
  onEdit: (draft: Draft) => void;
}

/** The field of a setting, by its kind. */
export function SettingInput({
  id,
  field,
  value,
  removed,
  describedBy,
  invalid,
  onEdit,
}: InputProps): ReactElement {
  const locked = field.locked !== null;
  const described = { id, 'aria-describedby': describedBy };
  if (field.kind === 'rules') {
    const rules = typeof value === 'object' ? value : [];
    return <RulesInput {...{ id, describedBy, locked, rules, onEdit }} label={field.label} />;
  }
  if (field.kind === 'boolean') {
    return (
      <input
        {...described}
        type="checkbox"
        className="setting-check"
        checked={value === true}
        disabled={locked}
        onChange={event => onEdit(event.target.checked)}
      />
    );
  }
  const text = typeof value === 'string' ? value : '';
  if (field.kind === 'choice') {
    return (
      <select
        {...described}
        className="field"
        value={text}
        disabled={locked}
        onChange={event => onEdit(event.target.value)}
      >
        {field.choices.map(choice => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  }
  const common = {
    ...described,
    className: 'field',
    value: text,
    readOnly: locked,
    spellCheck: false,
    'aria-invalid': invalid,
  };
  if (field.kind === 'list') {
    return (
      <textarea
        {...common}
        rows={Math.min(12, Math.max(4, text.split('\n').length))}
        onChange={event => onEdit(event.target.value)}
      />
    );
  }
  const secret = field.kind === 'secret';
  return (
    <>
      <span className="setting-with-unit">
        <input
          {...common}
          type={secret ? 'password' : 'text'}
          inputMode={field.kind === 'number' ? 'decimal' : undefined}
          autoComplete={secret ? 'new-password' : 'off'}
          placeholder={
            field.hidden && !removed ? 'Set; type to replace it' : field.kind === 'number' ? '' : 'None'
          }
          onChange={event => onEdit(event.target.value)}
        />
        {field.unit !== null && <span className="setting-unit">{field.unit}</span>}
      </span>
      {field.choices.length > 0 && !locked && (
        <span className="setting-choices" role="group" aria-label={`${field.label}: suggestions`}>
          {field.choices.map(choice => (
            <button
              key={choice}
              type="button"
              className="chip"
              aria-pressed={listOf(text).includes(choice)}
              onClick={() => onEdit(toggled(field, text, choice))}
            >
              {choice}
            </button>
          ))}
        </span>
      )}
    </>
  );
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}

/** Venues go side by side; `auto`, the simulated market and servers stand alone. */
function toggled({ name }: SettingField, text: string, choice: string): string {
  const alone = ['auto', 'simulated'];
  if (name !== 'sources' || alone.includes(choice)) return choice;
  const there = listOf(text).filter(one => !alone.includes(one) && !one.startsWith('recorded:'));
  const next = there.includes(choice) ? there.filter(one => one !== choice) : [...there, choice];
  return next.length === 0 ? 'auto' : next.join(',');
}
