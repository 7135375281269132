import { Command as Cmdk } from 'cmdk';
import { useMemo, useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { ScreenDialog } from '../app/screen-dialog.tsx';
import { useServices } from '../app/services.ts';
import { isMac } from '../commands/use-key-text.ts';
import { selectToken } from '../state/link-groups.ts';
import { RECENT_KEPT } from '../theme/theme.ts';
import { commandEntries, inOrder, tokenEntries, type Entry } from './entries.ts';
import './palette.css';

/** Everything the trader can do, found by a few letters. Opened by its key and by the field of the top bar. */
export function Palette(): ReactElement | null {
  const { view } = useServices();
  const open = useStore(view, state => state.dialog?.kind === 'palette');
  return open ? <OpenPalette /> : null;
}

function OpenPalette(): ReactElement {
  const { view, commands, keys, screen, desk, dock } = useServices();
  const [query, setQuery] = useState('');
  // As they were when it was opened: lines do not move under the finger.
  const [given] = useState(() => {
    const mac = isMac();
    const { overrides } = keys.store.getState();
    const pane = dock.active() ?? 'watchlist';
    return {
      mac,
      overrides,
      recent: view.getState().recent,
      entries: [
        ...tokenEntries(screen.getState().tokens, token => selectToken(desk, pane, token)),
        ...commandEntries(commands.store.getState().commands, overrides, mac),
      ],
    };
  });
  const groups = useMemo(() => inOrder(given.entries, given.recent), [given]);
  const suggested = useMemo(
    () => commandEntries(query.trim() === '' ? [] : commands.suggestions(query), given.overrides, given.mac),
    [query, commands, given],
  );
  const close = (): void => view.setState({ dialog: null });
  const choose = (entry: Entry): void => {
    const { recent } = view.getState();
    view.setState({
      dialog: null,
      recent: [entry.id, ...recent.filter(id => id !== entry.id)].slice(0, RECENT_KEPT),
    });
    // After the palette has given the focus back: what runs may want to put it elsewhere.
    setTimeout(entry.run, 0);
  };
  return (
    <ScreenDialog title="Commands" quiet className="palette" onClose={close}>
      <Cmdk label="Commands" loop>
        <Cmdk.Input
          className="palette-input"
          placeholder="Search a token or type a command"
          value={query}
          onValueChange={setQuery}
        />
        <Cmdk.List className="palette-list" label="Commands">
          {suggested.length === 0 && (
            <Cmdk.Empty className="palette-empty">Nothing is called like that.</Cmdk.Empty>
          )}
          {suggested.map(entry => (
            <Line key={entry.id} entry={entry} forced onChoose={choose} />
          ))}
          {groups.map(({ heading, entries }) => (
            <Cmdk.Group key={heading} heading={heading} className="palette-group">
              {entries.map(entry => (
                <Line key={entry.id} entry={entry} onChoose={choose} />
              ))}
            </Cmdk.Group>
          ))}
        </Cmdk.List>
      </Cmdk>
    </ScreenDialog>
  );
}

function Line(props: { entry: Entry; forced?: boolean; onChoose: (entry: Entry) => void }): ReactElement {
  const { entry, forced = false, onChoose } = props;
  return (
    <Cmdk.Item
      className="palette-item"
      value={`${entry.title} ${entry.id}`}
      keywords={[...entry.keywords]}
      forceMount={forced}
      onSelect={() => onChoose(entry)}
    >
      <span className="palette-title">{entry.title}</span>
      {entry.key !== null && <kbd>{entry.key}</kbd>}
    </Cmdk.Item>
  );
}
