import { useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { useRegion } from '../format/use-region.ts';
import { writeAttribute } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { entryTitle, statusEntries, type StatusEntry } from './status-entries.ts';
import './status-bar.css';

/** The truth bar: what is up, what is not, and how fast and clean the numbers come. */
export function StatusBar(): ReactElement {
  const { screen, vitals } = useServices();
  const status = useStore(screen, state => state.status);
  const duplicates = useStore(screen, state => state.duplicates);
  const missed = useStore(screen, state => state.missed);
  const connection = useStore(vitals, state => state.connection);
  const screenHz = useStore(vitals, state => state.screenHz);
  useRegion();
  const entries = statusEntries({ status, duplicates, missed }, { connection, screenHz });
  return (
    <footer className="status-bar" aria-label="Status">
      {(['left', 'right'] as const).map(side => (
        <ul key={side} className={`status-${side}`}>
          {entries
            .filter(entry => entry.side === side)
            .map(entry => (
              <Entry key={entry.id} entry={entry} />
            ))}
        </ul>
      ))}
    </footer>
  );
}

function Entry({ entry }: { entry: StatusEntry }): ReactElement {
  const item = useRef<HTMLLIElement>(null);
  useAging(now => {
    // The age in the title goes by whole seconds; a tooltip that changes ten times a second cannot be read.
    const at = entry.at === null ? now : entry.at + Math.floor((now - entry.at) / 1000) * 1000;
    writeAttribute(item.current, 'title', entryTitle(entry, at));
  });
  return (
    <li ref={item} data-status={entry.id} data-kind={entry.id.split(':')[0]} data-tone={entry.tone}>
      <span className="dot" />
      <span className="status-label">{entry.label}</span> <span className="status-value">{entry.value}</span>
    </li>
  );
}
