import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { typeDecimal } from '../format/typed-decimal.ts';
import { TAPE_DEFAULTS, dollarsOf, type TapeSettings } from './tape-filter.ts';

/** The fields that filter the tape: channel, pair, least size in dollars; and its way into a file. */
export function TapeFilterBar({
  settings,
  change,
  save,
  said,
}: {
  settings: TapeSettings;
  change: (part: Partial<TapeSettings>) => void;
  save: () => void;
  /** What became of the file. */
  said: string;
}): ReactElement {
  const { screen } = useServices();
  const known = useStore(screen, state => state.tradeChannels);
  const { channel, token, from } = settings;
  const channels = [...new Set([...known, ...(channel === '' ? [] : [channel])])].sort();
  const wrong = from.trim() !== '' && dollarsOf(from) === null;
  const clear = (): void => change({ ...TAPE_DEFAULTS, open: true });
  return (
    <form
      className="tape-filter"
      role="search"
      aria-label="Filter the trade tape"
      onSubmit={event => event.preventDefault()}
    >
      <select
        aria-label="Channel"
        value={channel}
        onChange={event => change({ channel: event.target.value })}
      >
        <option value="">All channels</option>
        {channels.map(one => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <input
        type="search"
        aria-label="Token or pair"
        placeholder="Token"
        spellCheck={false}
        value={token}
        onChange={event => change({ token: event.target.value })}
      />
      <input
        type="text"
        inputMode="decimal"
        aria-label="Least size in dollars"
        aria-invalid={wrong}
        title={wrong ? `Write dollars, for instance 500, ${typeDecimal('2.5')}k or 1m` : undefined}
        placeholder="≥ $"
        value={from}
        onChange={event => change({ from: event.target.value })}
      />
      <button type="button" className="text-button" onClick={clear}>
        Clear
      </button>
      <button type="button" className="text-button" onClick={save}>
        Export CSV
      </button>
      <p className="tape-said" role="status">
        {said}
      </p>
    </form>
  );
}
