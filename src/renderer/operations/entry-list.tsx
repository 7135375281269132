import { useCallback, useEffect, useRef, useState, type ReactElement } from 'react';
import type { EntryView, EpochMs } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { Age } from '../time/age.tsx';
import { EntryItem } from './entry-item.tsx';
import { useCommand } from './use-command.ts';

/** Entries read at a time. */
export const PAGE = 50;

/** The entries of one channel, newest first, page by page. Use the channel as `key`. */
export function EntryList({ channel }: { channel: string }): ReactElement {
  const { ticker } = useServices();
  const { busy, failed, run } = useCommand();
  const [entries, setEntries] = useState<readonly EntryView[]>([]);
  const [readAt, setReadAt] = useState<EpochMs | null>(null);
  const [older, setOlder] = useState(false);
  const request = useRef(0);
  const read = useCallback(
    async (before: string | null): Promise<void> => {
      request.current += 1;
      const mine = request.current;
      const page = await run('streams.entries', { channel, before, limit: PAGE });
      if (page === undefined || mine !== request.current) return;
      setEntries(known => (before === null ? page : [...known, ...page]));
      setOlder(page.length === PAGE);
      if (before === null) setReadAt(ticker.now());
    },
    [channel, run, ticker],
  );
  useEffect(() => {
    // After the effect: reading begins with a change of this component's own state.
    queueMicrotask(() => void read(null));
    return () => {
      request.current += 1;
    };
  }, [read]);
  return (
    <>
      <div className="detail-bar">
        <span className="pane-note">
          {readAt === null ? (
            'reading…'
          ) : (
            <>
              newest read <Age since={readAt} /> ago
            </>
          )}
        </span>
        <button type="button" className="chip" disabled={busy} onClick={() => void read(null)}>
          Newest
        </button>
      </div>
      {failed !== null && <p className="refusal">{failed}</p>}
      <ol className="entries" aria-label={`Entries of ${channel}`}>
        {entries.map(entry => (
          <EntryItem key={entry.entryId} channel={channel} entry={entry} />
        ))}
      </ol>
      {readAt !== null && entries.length === 0 && (
        <p className="pane-empty">
          <strong>No entries.</strong> The stream is empty, or nobody has written to it yet.
        </p>
      )}
      {older && (
        <p className="entries-older">
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => void read(entries.at(-1)?.entryId ?? null)}
          >
            Older
          </button>
        </p>
      )}
    </>
  );
}
