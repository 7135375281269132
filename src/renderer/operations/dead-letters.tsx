import { useCallback, useEffect, useRef, useState, type ReactElement } from 'react';
import type { DeadLetterView, EpochMs } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { Age } from '../time/age.tsx';
import { formatCount } from '../format/times.ts';
import { Confirm } from './confirm.tsx';
import { DeadLetterItem, type DeadAct } from './dead-letter-item.tsx';
import { useCommand } from './use-command.ts';

/** Dead letters read at a time. */
export const DEAD_LIMIT = 100;

/** What is about to be done, until it is confirmed. */
interface Wish {
  act: DeadAct;
  ids: string[];
}

/** The dead letters of one channel: looked at, put back, or dropped. Use the channel as `key`. */
export function DeadLetters({ channel }: { channel: string }): ReactElement {
  const { ticker, streams } = useServices();
  const { busy, failed, run } = useCommand();
  const [letters, setLetters] = useState<readonly DeadLetterView[]>([]);
  const [readAt, setReadAt] = useState<EpochMs | null>(null);
  const [wish, setWish] = useState<Wish | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const gone = useRef(false);
  const read = useCallback(async (): Promise<void> => {
    const list = await run('dead.list', { channel, limit: DEAD_LIMIT });
    if (list === undefined || gone.current) return;
    setLetters(list);
    setReadAt(ticker.now());
  }, [channel, run, ticker]);
  useEffect(() => {
    gone.current = false;
    void read();
    return () => {
      gone.current = true;
    };
  }, [read]);

  const carryOut = async ({ act, ids }: Wish): Promise<void> => {
    setWish(null);
    const answer = await run(act === 'requeue' ? 'dead.requeue' : 'dead.drop', { channel, ids });
    if (answer === undefined) return;
    setDone(`${letterCount(answer.count)} ${act === 'requeue' ? 'put back' : 'dropped'}.`);
    await read();
    void streams.read();
  };
  const all = letters.map(letter => letter.id);
  return (
    <>
      <div className="detail-bar">
        <span className="pane-note">
          {readAt === null ? (
            'reading…'
          ) : (
            <>
              read <Age since={readAt} /> ago
            </>
          )}
        </span>
        <span className="detail-tools">
          <button type="button" className="chip" disabled={busy} onClick={() => void read()}>
            Read again
          </button>
          {all.length > 1 && (
            <>
              <button
                type="button"
                className="chip"
                disabled={busy}
                onClick={() => setWish({ act: 'requeue', ids: all })}
              >
                Requeue all {all.length}
              </button>
              <button
                type="button"
                className="chip"
                disabled={busy}
                onClick={() => setWish({ act: 'drop', ids: all })}
              >
                Drop all {all.length}
              </button>
            </>
          )}
        </span>
      </div>
      <p className="done" role="status">
        {done}
      </p>
      {failed !== null && <p className="refusal">{failed}</p>}
      {wish !== null && (
        <Confirm
          question={question(wish, channel)}
          yes={wish.act === 'requeue' ? 'Requeue' : 'Drop'}
          onYes={() => void carryOut(wish)}
          onNo={() => setWish(null)}
        />
      )}
      <ol className="entries" aria-label={`Dead letters of ${channel}`}>
        {letters.map(letter => (
          <DeadLetterItem
            key={letter.id}
            channel={channel}
            letter={letter}
            busy={busy}
            onAct={act => setWish({ act, ids: [letter.id] })}
          />
        ))}
      </ol>
      {readAt !== null && letters.length === 0 && (
        <p className="pane-empty">
          <strong>No dead letters.</strong> Every entry of {channel} could be read.
        </p>
      )}
    </>
  );
}

function question({ act, ids }: Wish, channel: string): string {
  const what = letterCount(ids.length);
  return act === 'requeue'
    ? `Put ${what} back into ${channel} as new ${ids.length === 1 ? 'entry' : 'entries'}?`
    : `Drop ${what} of ${channel} for good?`;
}

function letterCount(count: number): string {
  return count === 1 ? '1 dead letter' : `${formatCount(count)} dead letters`;
}
