import type { ReactElement } from 'react';
import type { ModeRule } from '../../shared/settings.ts';

/** Rules of how channels are recorded: a pattern and a mode each, the first that fits counts. */
export function RulesInput(props: {
  id: string;
  label: string;
  rules: readonly ModeRule[];
  locked: boolean;
  describedBy: string;
  onEdit: (rules: readonly ModeRule[]) => void;
}): ReactElement {
  const { id, label, rules, locked, describedBy, onEdit } = props;
  const change = (index: number, part: Partial<ModeRule>): void =>
    onEdit(rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)));
  return (
    <div className="setting-rules" role="group" aria-label={label} aria-describedby={describedBy}>
      {rules.map((rule, index) => (
        <span key={index} className="setting-rule">
          <input
            className="field"
            aria-label={`Channel or pattern of rule ${index + 1}`}
            value={rule.pattern}
            placeholder="trades:*"
            readOnly={locked}
            spellCheck={false}
            autoComplete="off"
            onChange={event => change(index, { pattern: event.target.value.trim() })}
          />
          <select
            className="field"
            aria-label={`Mode of rule ${index + 1}`}
            value={rule.mode}
            disabled={locked}
            onChange={event => change(index, { mode: event.target.value as ModeRule['mode'] })}
          >
            <option>strict</option>
            <option>confirm</option>
            <option>off</option>
          </select>
          <button
            type="button"
            className="chip"
            aria-label={`Remove rule ${index + 1}`}
            disabled={locked}
            onClick={() => onEdit(rules.filter((_, at) => at !== index))}
          >
            Remove
          </button>
        </span>
      ))}
      <button
        type="button"
        id={id}
        className="chip"
        disabled={locked}
        onClick={() => onEdit([...rules, { pattern: '', mode: 'confirm' }])}
      >
        Add a rule
      </button>
    </div>
  );
}
