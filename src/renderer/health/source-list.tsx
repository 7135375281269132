import type { ReactElement } from 'react';
import type { SourceStatus } from '../../shared/contract.ts';
import { SOURCE_TONES, SOURCE_WORDS, sourceName } from '../state/names.ts';
import { Age, Until } from '../time/age.tsx';
import { formatCount } from '../format/times.ts';

/** Every source: its state in words, what it says, when it was heard last and when it is tried next. */
export function SourceList({
  sources,
  current,
}: {
  sources: readonly SourceStatus[];
  current: boolean;
}): ReactElement {
  return (
    <ul className="source-list" aria-label="Sources">
      {sources.map(source => (
        <li key={source.name} data-source={source.name} data-state={source.state}>
          <p className="source-line" data-tone={current ? SOURCE_TONES[source.state] : 'off'}>
            <span className="dot" />
            <span className="source-name">{sourceName(source.name)}</span>
            <span className="source-state">{current ? SOURCE_WORDS[source.state] : 'unknown'}</span>
            {current && (
              <span className="source-tokens">
                {source.vouching} of {source.asked} tokens
              </span>
            )}
          </p>
          {source.message !== null && <p className="health-message">{source.message}</p>}
          {source.refusedProducts.length > 0 && (
            <p className="health-message">Refused by name: {source.refusedProducts.join(', ')}</p>
          )}
          <p className="source-facts">
            <span>
              {source.lastHeardAt === null ? (
                'never heard'
              ) : (
                <>
                  heard <Age since={source.lastHeardAt} /> ago
                </>
              )}
            </span>
            {source.nextAttemptAt !== null && source.state !== 'live' && (
              <span>
                attempt {source.attempt + 1} <Until at={source.nextAttemptAt} />
              </span>
            )}
            <span title="Quotes accepted and refused">
              {formatCount(source.accepted)} accepted, {formatCount(source.refused)} refused
            </span>
          </p>
        </li>
      ))}
    </ul>
  );
}
