import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { ScreenDialog } from '../app/screen-dialog.tsx';
import { NAME_LENGTH } from './layout.ts';

/** The questions about layouts: a name for one, and whether one is really to go. */
export function LayoutDialogs(): ReactElement | null {
  const { view, layouts } = useServices();
  const dialog = useStore(view, state => state.dialog);
  const close = (): void => view.setState({ dialog: null });
  switch (dialog?.kind) {
    case 'new-layout':
      return (
        <NameDialog
          title="New layout"
          action="Create"
          initial=""
          onName={name => layouts.create(name)}
          onClose={close}
        />
      );
    case 'rename-layout':
      return (
        <NameDialog
          title={`Rename ${dialog.name}`}
          action="Rename"
          initial={dialog.name}
          onName={name => layouts.rename(dialog.name, name)}
          onClose={close}
        />
      );
    case 'delete-layout':
      return <DeleteDialog name={dialog.name} onClose={close} />;
    default:
      return null;
  }
}

function NameDialog(props: {
  title: string;
  action: string;
  initial: string;
  /** Says why a name cannot be; `null`: done. */
  onName: (name: string) => string | null;
  onClose: () => void;
}): ReactElement {
  const [name, setName] = useState(props.initial);
  const [refused, setRefused] = useState<string | null>(null);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const refusal = props.onName(name);
    setRefused(refusal);
    if (refusal === null) props.onClose();
  };
  return (
    <ScreenDialog title={props.title} onClose={props.onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <input
          className="field"
          aria-label="Name of the layout"
          aria-invalid={refused !== null}
          value={name}
          maxLength={NAME_LENGTH}
          spellCheck={false}
          onChange={event => setName(event.target.value)}
        />
        {refused !== null && (
          <p className="refusal" role="alert">
            {refused}
          </p>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-main">
            {props.action}
          </button>
        </div>
      </form>
    </ScreenDialog>
  );
}

function DeleteDialog({ name, onClose }: { name: string; onClose: () => void }): ReactElement {
  const { layouts } = useServices();
  const remove = (): void => {
    layouts.say(layouts.remove(name));
    onClose();
  };
  return (
    <ScreenDialog title={`Delete the layout ${name}?`} onClose={onClose}>
      <p className="dialog-text">
        Its panes and what they remember go with it. Export it first to keep a copy.
      </p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
        <button type="button" className="button button-danger" onClick={remove}>
          Delete
        </button>
      </div>
    </ScreenDialog>
  );
}
