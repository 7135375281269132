import { useState, type ReactElement } from 'react';
import type { EpochMs } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { zoneName } from '../format/times.ts';
import { exampleDay, readDate } from './axis-time.ts';

/** A line over the chart in which a date is typed: Enter goes there, Escape closes it. */
export function GoToDate({
  onGo,
  onClose,
}: {
  onGo: (time: EpochMs) => void;
  onClose: () => void;
}): ReactElement {
  const { ticker } = useServices();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  return (
    <form
      className="go-to-date"
      onSubmit={event => {
        event.preventDefault();
        const time = readDate(text, ticker.now());
        setWrong(time === null);
        if (time !== null) onGo(time);
      }}
      onKeyDown={event => {
        event.stopPropagation();
        if (event.key === 'Escape') onClose();
      }}
    >
      <label>
        Go to ({zoneName(ticker.now())})
        <input
          ref={input => input?.focus()}
          value={text}
          placeholder="2026-11-21 14:05"
          aria-invalid={wrong}
          aria-describedby={wrong ? 'go-to-date-wrong' : undefined}
          onChange={event => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="button">
        Go
      </button>
      <button type="button" className="button" onClick={onClose}>
        Close
      </button>
      {wrong && (
        <span className="go-to-date-wrong" id="go-to-date-wrong" role="alert">
          Write a date as 2026-11-21, 2026-11-21 14:05 or 14:05, or a day as {exampleDay(ticker.now())}.
        </span>
      )}
    </form>
  );
}
