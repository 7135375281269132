import { useId, useState, type ReactElement, type SyntheticEvent } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { useCommand } from './use-command.ts';

const NONE: readonly string[] = [];

/** What this desk follows, by name or pattern: each can be let go, and another one added. The engine may refuse. */
export function FollowBar(): ReactElement {
  const { screen, streams } = useServices();
  const patterns = useStore(screen, state => state.status?.subscription.patterns ?? NONE);
  const { busy, failed, run } = useCommand();
  const [wanted, setWanted] = useState('');
  const refusal = useId();
  const follow = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const pattern = wanted.trim();
    if (pattern === '') return;
    if ((await run('channels.follow', { pattern })) === undefined) return;
    setWanted('');
    void streams.read();
  };
  const letGo = async (pattern: string): Promise<void> => {
    if ((await run('channels.unfollow', { pattern })) !== undefined) void streams.read();
  };
  return (
    <div className="follow-bar">
      <form onSubmit={event => void follow(event)}>
        <input
          className="field"
          aria-label="Channel or pattern to follow"
          aria-invalid={failed !== null}
          aria-describedby={failed === null ? undefined : refusal}
          placeholder="Channel or pattern, such as trades:*"
          value={wanted}
          spellCheck={false}
          maxLength={128}
          onChange={event => setWanted(event.target.value)}
        />
        <button type="submit" className="button" disabled={busy || wanted.trim() === ''}>
          Follow
        </button>
      </form>
      <ul className="patterns" aria-label="Followed names and patterns">
        {patterns.map(pattern => (
          <li key={pattern} className="pattern">
            <code>{pattern}</code>
            <button
              type="button"
              disabled={busy}
              aria-label={`Stop following ${pattern}`}
              title={`Stop following ${pattern}`}
              onClick={() => void letGo(pattern)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {failed !== null && (
        <p className="refusal" role="alert" id={refusal}>
          {failed}
        </p>
      )}
    </div>
  );
}
