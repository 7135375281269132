import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { useStore } from 'zustand/react';
import type { AlertDraft, AlertSound } from '../../shared/alerts.ts';
import { ScreenDialog } from '../app/screen-dialog.tsx';
import { useServices } from '../app/services.ts';
import { messageOf } from '../bridge/message-of.ts';
import { ConditionFields } from './condition-fields.tsx';
import {
  checkDraft,
  conditionWords,
  firstCondition,
  hasHysteresis,
  KINDS,
  typeDraft,
  type Faults,
} from './draft-form.ts';
import { Choice, Field, TextField } from './form-parts.tsx';
import { RepeatFields } from './repeat-fields.tsx';
import { SOUND_NAMES, SOUNDS } from './tones.ts';
import './alerts.css';

/** The dialog in which a rule is made or changed; drawn while there is one to edit. */
export function AlertEditor(): ReactElement | null {
  const { alerts } = useServices();
  const editing = useStore(alerts.store, state => state.editing);
  if (editing === null) return null;
  return (
    <ScreenDialog
      title={editing.id === null ? 'New alert' : 'Change alert'}
      className="dialog alert-dialog"
      onClose={() => alerts.closeEditor()}
    >
      <EditorForm key={editing.id ?? 'new'} initial={editing} />
    </ScreenDialog>
  );
}

function EditorForm({ initial }: { initial: AlertDraft }): ReactElement {
  const { alerts, bell, screen } = useServices();
  const [draft, setDraft] = useState(() => typeDraft(initial));
  const [faults, setFaults] = useState<Faults>({});
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<AlertDraft>): void => setDraft(before => ({ ...before, ...part }));
  const { condition } = draft;

  const save = async (): Promise<void> => {
    const checked = checkDraft(draft);
    setFaults(checked.faults ?? {});
    setRefused(null);
    if (checked.faults !== null) return;
    setBusy(true);
    try {
      await alerts.save(checked.draft);
      alerts.closeEditor();
    } catch (error) {
      setRefused(messageOf(error));
      setBusy(false);
    }
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void save();
  };
  const token = 'token' in condition && condition.token !== null ? condition.token : '';
  const first = token === '' ? (screen.getState().tokens[0] ?? '') : token;
  return (
    <form className="dialog-form" onSubmit={submit} noValidate>
      <Choice
        label="Alert me about"
        value={condition.kind}
        options={KINDS.map(({ kind, label }) => [kind, label] as const)}
        onChange={kind => {
          setFaults({});
          change({ condition: firstCondition(kind, first) });
        }}
      />
      <p className="alert-hint">{KINDS.find(({ kind }) => kind === condition.kind)?.hint}</p>
      <ConditionFields
        key={condition.kind}
        {...{ condition, faults }}
        onChange={next => change({ condition: next })}
      />
      <RepeatFields
        {...{ draft, faults }}
        hysteresis={hasHysteresis(condition.kind)}
        onChange={mode => change({ mode })}
      />
      <SoundField
        value={draft.sound}
        onChange={sound => {
          change({ sound });
          if (sound !== null) bell.preview(sound);
        }}
        onPreview={sound => bell.preview(sound)}
      />
      <label className="alert-check">
        <input
          type="checkbox"
          checked={draft.notify}
          onChange={event => change({ notify: event.target.checked })}
        />
        Desktop notification
      </label>
      <TextField
        {...{ label: 'Name', name: 'name', faults }}
        value={draft.name}
        hint={draft.name === '' ? `Without one: ${conditionWords(condition)}` : undefined}
        onChange={name => change({ name })}
      />
      <TextField label="Note" value={draft.note} onChange={note => change({ note })} />
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
      {Object.keys(faults).length > 0 && (
        <p className="visually-hidden" role="alert">
          The alert cannot be kept yet: {Object.values(faults).join(' ')}
        </p>
      )}
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => alerts.closeEditor()}>
          Cancel
        </button>
        <button type="submit" className="button button-main" disabled={busy}>
          {draft.id === null ? 'Create alert' : 'Save alert'}
        </button>
      </div>
    </form>
  );
}

function SoundField(props: {
  value: AlertSound | null;
  onChange: (sound: AlertSound | null) => void;
  onPreview: (sound: AlertSound) => void;
}): ReactElement {
  const { value } = props;
  return (
    <Field label="Sound">
      {({ id }) => (
        <span className="alert-with-unit">
          <select
            id={id}
            className="field"
            value={value ?? ''}
            onChange={event => props.onChange(SOUNDS.find(one => one === event.target.value) ?? null)}
          >
            <option value="">None</option>
            {SOUNDS.map(sound => (
              <option key={sound} value={sound}>
                {SOUND_NAMES[sound]}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="button"
            disabled={value === null}
            onClick={() => value !== null && props.onPreview(value)}
          >
            Listen
          </button>
        </span>
      )}
    </Field>
  );
}
