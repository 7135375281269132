import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { bindingFrom, bindingOf, conflictsOf, keyText, refuseBinding } from '../commands/bindings.ts';
import type { Command } from '../commands/command.ts';
import { isMac } from '../commands/use-key-text.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { SECTIONS } from '../palette/entries.ts';
import './keys.css';

/** Every command with its key: another one can be chosen, taken away, or brought back; keys used twice are marked. */
export function KeysPane(): ReactElement {
  const { commands, keys } = useServices();
  const all = useStore(commands.store, state => state.commands);
  const overrides = useStore(keys.store, state => state.overrides);
  const [search, setSearch] = useState('');
  const conflicts = useMemo(() => conflictsOf(all, overrides), [all, overrides]);
  const wanted = search.trim().toLowerCase();
  const shown = all.filter(({ title, keywords = [] }) =>
    [title, ...keywords].some(text => text.toLowerCase().includes(wanted)),
  );
  const changed = Object.keys(overrides).length > 0;
  return (
    <div className="keys">
      <PaneTools>
        {conflicts.size > 0 && (
          <span className="keys-conflict" role="status">
            {conflicts.size} commands share a key
          </span>
        )}
        <button type="button" className="chip" disabled={!changed} onClick={() => keys.reset()}>
          Reset all
        </button>
      </PaneTools>
      <input
        className="field keys-search"
        type="search"
        aria-label="Search the keys"
        placeholder="Search the keys"
        value={search}
        onChange={event => setSearch(event.target.value)}
      />
      <div className="keys-scroll" tabIndex={0} role="group" aria-label="Keys, all rows">
        <table className="compact-table" aria-label="Keys">
          <thead>
            <tr>
              <th scope="col">Command</th>
              <th scope="col">Key</th>
              <th scope="col">
                <span className="visually-hidden">Change</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {SECTIONS.flatMap(section => shown.filter(command => command.section === section)).map(
              command => (
                <KeyRow
                  key={command.id}
                  command={command}
                  binding={bindingOf(command, overrides)}
                  custom={Object.hasOwn(overrides, command.id)}
                  rivals={(conflicts.get(command.id) ?? []).map(id => commands.find(id)?.title ?? id)}
                />
              ),
            )}
          </tbody>
        </table>
        {shown.length === 0 && <p className="pane-empty">No command is called like that.</p>}
      </div>
    </div>
  );
}

function KeyRow(props: {
  command: Command;
  binding: string | null;
  custom: boolean;
  rivals: readonly string[];
}): ReactElement {
  const { command, binding, custom, rivals } = props;
  const { keys } = useServices();
  const [recording, setRecording] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  /** Whether the key ended the recording: then the row keeps the focus. */
  const byKey = useRef(false);
  useEffect(() => {
    if (!recording && byKey.current) button.current?.focus();
    byKey.current = false;
  }, [recording]);
  const done = (key: boolean): void => {
    byKey.current = key;
    setRecording(false);
  };
  return (
    <tr data-command={command.id} data-custom={custom} data-conflict={rivals.length > 0}>
      <th scope="row" title={command.title}>
        {command.title}
      </th>
      <td>
        {recording ? (
          <Recorder command={command} onDone={done} />
        ) : (
          <button
            type="button"
            ref={button}
            className="key-button"
            aria-label={`Key of ${command.title}: ${binding === null ? 'none' : keyText(binding, isMac())}`}
            title={rivals.length > 0 ? `Also the key of: ${rivals.join(', ')}` : 'Choose another key'}
            onClick={() => setRecording(true)}
          >
            {binding === null ? (
              <span className="key-none">none</span>
            ) : (
              <kbd>{keyText(binding, isMac())}</kbd>
            )}
            {rivals.length > 0 && <span className="keys-conflict">also: {rivals.join(', ')}</span>}
          </button>
        )}
      </td>
      <td className="number">
        {binding !== null && (
          <button
            type="button"
            className="chip key-clear"
            aria-label={`Take the key from ${command.title}`}
            onClick={() => keys.bind(command.id, null)}
          >
            Clear
          </button>
        )}
        {custom && (
          <button
            type="button"
            className="chip"
            aria-label={`Reset the key of ${command.title}`}
            onClick={() => keys.reset(command.id)}
          >
            Reset
          </button>
        )}
      </td>
    </tr>
  );
}

/** Takes the next key that is pressed; Escape leaves everything as it is. `onDone` is told whether a key ended it. */
function Recorder(props: { command: Command; onDone: (byKey: boolean) => void }): ReactElement {
  const { command, onDone } = props;
  const { keys } = useServices();
  const [refused, setRefused] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    button.current?.focus();
    return keys.hold();
  }, [keys]);
  return (
    <button
      type="button"
      ref={button}
      className="key-button key-recording"
      aria-label={`Press the new key of ${command.title}; Escape keeps the old one`}
      onBlur={() => onDone(false)}
      onKeyDown={event => {
        event.preventDefault();
        event.stopPropagation();
        if (event.key === 'Escape') {
          onDone(true);
          return;
        }
        const binding = bindingFrom(event.nativeEvent, isMac());
        if (binding === null) return;
        const refusal = refuseBinding(binding);
        setRefused(refusal);
        if (refusal !== null) return;
        keys.bind(command.id, binding);
        onDone(true);
      }}
    >
      {refused ?? 'Press a key, Esc to keep'}
    </button>
  );
}
