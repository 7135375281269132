import { useId, type ReactElement } from 'react';
import type { SettingField as Field } from '../../shared/settings.ts';
import { typeDecimal } from '../format/typed-decimal.ts';
import { shownDraft, type Draft } from './drafts.ts';
import { Highlight } from './highlight.tsx';
import { SettingInput } from './setting-input.tsx';

/** One setting: label, field, help, what is wrong with it, and where its value comes from. */
export function SettingField(props: {
  field: Field;
  draft: Draft | undefined;
  problem: string | undefined;
  search: string;
  onEdit: (draft: Draft) => void;
}): ReactElement {
  const { field, draft, problem, search, onEdit } = props;
  const id = useId();
  const own = field.value !== null || field.hidden;
  const ids = [`${id}-help`, `${id}-note`, ...(problem === undefined ? [] : [`${id}-problem`])];
  return (
    <div
      className="setting"
      data-setting={field.name}
      data-changed={draft !== undefined}
      data-locked={field.locked !== null}
    >
      <div className="setting-head">
        {field.kind === 'rules' ? (
          // A group is named by itself.
          <span className="setting-label">
            <Highlight text={field.label} search={search} />
          </span>
        ) : (
          <label htmlFor={id}>
            <Highlight text={field.label} search={search} />
          </label>
        )}
        {draft !== undefined && <span className="setting-mark">not saved</span>}
        {field.applies === 'restart' && <span className="setting-mark">needs a restart</span>}
        {own && draft !== null && field.locked === null && (
          <button
            type="button"
            className="chip setting-reset"
            aria-label={`Reset ${field.label} to its default`}
            onClick={() => onEdit(null)}
          >
            {field.kind === 'secret' ? 'Remove' : 'Reset'}
          </button>
        )}
      </div>
      <SettingInput
        {...{ id, field, onEdit }}
        value={shownDraft(field, draft)}
        removed={draft === null}
        describedBy={ids.join(' ')}
        invalid={problem !== undefined}
      />
      {problem !== undefined && (
        <p id={`${id}-problem`} className="refusal setting-problem" role="alert">
          {problem}
        </p>
      )}
      <p id={`${id}-help`} className="setting-help">
        <Highlight text={field.help} search={search} />
      </p>
      <p id={`${id}-note`} className="setting-note">
        {noteOf(field, draft)}
      </p>
    </div>
  );
}

function noteOf(field: Field, draft: Draft | undefined): string {
  if (field.locked !== null) return field.locked;
  const fallback = wordOf(field, field.fallback);
  const effective = wordOf(field, field.effective);
  if (draft === null)
    return field.kind === 'secret' ? 'Will be removed.' : `Will be the default: ${fallback}.`;
  if (field.pending) return `In use until a restart: ${effective}.`;
  if (field.kind === 'secret') return field.hidden ? 'Set; it is not shown.' : 'Not set.';
  if (field.hidden) return `Set, with a password that is not shown: ${effective}.`;
  return field.from === 'file' ? `Set in the settings file. The default: ${fallback}.` : 'The default.';
}

function wordOf({ unit, kind }: Field, value: Field['effective']): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string' || typeof value === 'number') {
    const text = typeof value === 'number' ? typeDecimal(String(value)) : value;
    return unit === null ? text : `${text} ${unit}`;
  }
  if (value === null) return kind === 'list' ? 'the usual tokens' : 'none';
  if (kind === 'list' && value.length > 0) return value.map(String).join(', ');
  return value.length === 1 ? '1 rule' : value.length === 0 ? 'none' : `${value.length} rules`;
}
