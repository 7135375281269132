import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { ScreenDialog } from '../app/screen-dialog.tsx';
import { useServices } from '../app/services.ts';
import { useKeyText } from '../commands/use-key-text.ts';
import { sourceName } from '../state/names.ts';
import './welcome.css';

const FRESHNESS = [
  ['fresh', 'Fresh', 'its source vouched for it within the last 2 seconds'],
  ['delayed', 'Delayed', 'older than that, but its source still stands behind it'],
  ['stale', 'Stale', 'nobody stands behind it any more; the number itself turns this colour'],
  ['unavailable', 'Unavailable', 'there is no number; none is made up'],
] as const;

const KEYS = [
  ['palette.open', 'Search a token or type a command: everything is in there'],
  ['pane.next', 'Go from pane to pane; arrow keys move inside'],
  ['pane.maximise', 'Maximise the pane you are in, or restore it'],
  ['layout.show-1', 'The first layout; the others have the next numbers'],
] as const;

/** What the numbers mean, where they come from, and the keys: one page. */
export function WelcomeDialog(): ReactElement | null {
  const { view, screen, layouts, dock } = useServices();
  const open = useStore(view, state => state.dialog?.kind === 'welcome');
  const status = useStore(screen, state => state.status);
  if (!open) return null;
  const close = (): void => view.setState({ dialog: null });
  const sources = (status?.sources ?? [])
    .filter(source => source.state !== 'off')
    .map(one => sourceName(one.name));
  return (
    <ScreenDialog title="What you are looking at" className="dialog welcome" onClose={close}>
      <div className="welcome-parts">
        <section>
          <h3>Every number has an age</h3>
          <ul>
            {FRESHNESS.map(([freshness, word, meaning]) => (
              <li key={freshness} data-freshness={freshness}>
                <span className="dot" />
                <span>
                  <strong>{word}:</strong> {meaning}.
                </span>
              </li>
            ))}
          </ul>
          <p>
            The screen ages numbers by itself: if the engine stops, they turn stale before your eyes. The bar
            at the bottom says what is up and what is not.
          </p>
        </section>
        <section>
          <h3>Where it comes from</h3>
          <p>
            {sources.length === 0 ? 'No source is switched on yet.' : `Prices: ${sources.join(', ')}.`} Trades
            and positions are what programs publish to Redis. A simulated or recorded market always says so
            beside the name.
          </p>
          <p>Missing events are looked for and filled in; where that happened, the trade tape tells it.</p>
        </section>
        <section>
          <h3>Panes and links</h3>
          <p>
            Drag a title to move a pane, a border to resize it. Panes with a square of one colour show the
            same token; click the square to change that. Layouts save themselves.
          </p>
        </section>
        <section>
          <h3>Keys</h3>
          <ul>
            {KEYS.map(([command, meaning]) => (
              <KeyLine key={command} command={command} meaning={meaning} />
            ))}
          </ul>
        </section>
      </div>
      <div className="dialog-buttons">
        <button
          type="button"
          className="button"
          onClick={() => {
            close();
            layouts.say(null);
            setTimeout(() => dock.open('keys'), 0);
          }}
        >
          All keys
        </button>
        <button type="button" className="button button-main" onClick={close}>
          To the desk
        </button>
      </div>
    </ScreenDialog>
  );
}

function KeyLine({ command, meaning }: { command: string; meaning: string }): ReactElement {
  const key = useKeyText(command);
  return (
    <li className="welcome-key">
      <kbd>{key ?? 'no key'}</kbd>
      <span>{meaning}.</span>
    </li>
  );
}
