import { useEffect, useRef, type ReactElement } from 'react';

/** A question before something that cannot be undone; Escape means no. Takes the focus while it is asked. */
export function Confirm({
  question,
  yes,
  onYes,
  onNo,
}: {
  question: string;
  yes: string;
  onYes: () => void;
  onNo: () => void;
}): ReactElement {
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <div
      className="confirm"
      role="alertdialog"
      aria-label="Confirm"
      aria-describedby="confirm-question"
      onKeyDown={event => {
        if (event.key === 'Escape') onNo();
      }}
    >
      <p id="confirm-question">{question}</p>
      <button type="button" className="button" onClick={onYes}>
        {yes}
      </button>
      <button type="button" className="button" ref={no} onClick={onNo}>
        Cancel
      </button>
    </div>
  );
}
