import { useEffect, useId, useState, type ReactElement } from 'react';
import type { TokenCheck } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { messageOf } from '../bridge/message-of.ts';
import { sourceName } from '../state/names.ts';

/** How long after the last key a name is checked. */
const CHECK_AFTER_MS = 150;

type Said = { kind: 'nothing' } | { kind: 'known'; check: TokenCheck } | { kind: 'refused'; message: string };

const NOTHING: Said = { kind: 'nothing' };

/** One line to add a token by symbol, mint or `venue:product`; what the name stands for is said while it is typed. */
export function AddToken({
  onAdd,
  onClose,
}: {
  /** Rejects with the engine's refusal. */
  onAdd: (name: string) => Promise<void>;
  onClose: () => void;
}): ReactElement {
  const { link, clock } = useServices();
  const [name, setName] = useState('');
  const [said, setSaid] = useState<Said>(NOTHING);
  const [busy, setBusy] = useState(false);
  const hint = useId();
  const wanted = name.trim();

  useEffect(() => {
    if (wanted === '') return undefined;
    let gone = false;
    const cancel = clock.after(CHECK_AFTER_MS, () => {
      link.invoke('tokens.check', { name: wanted }).then(
        check => {
          if (!gone) setSaid({ kind: 'known', check });
        },
        (error: unknown) => {
          if (!gone) setSaid({ kind: 'refused', message: messageOf(error) });
        },
      );
    });
    return () => {
      gone = true;
      cancel();
    };
  }, [link, clock, wanted]);

  const submit = (event: { preventDefault(): void }): void => {
    event.preventDefault();
    if (wanted === '' || busy) return;
    setBusy(true);
    onAdd(wanted)
      .then(
        () => {
          setName('');
          setSaid(NOTHING);
        },
        (error: unknown) => setSaid({ kind: 'refused', message: messageOf(error) }),
      )
      .finally(() => setBusy(false));
  };

  return (
    <form
      className="add-token"
      onSubmit={submit}
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <input
        autoFocus
        className="add-token-name"
        aria-label="Token to add"
        aria-describedby={hint}
        aria-invalid={said.kind === 'refused'}
        placeholder="SOL, a mint, or coinbase:SKL-USD"
        spellCheck={false}
        autoComplete="off"
        value={name}
        onChange={event => {
          setName(event.target.value);
          setSaid(NOTHING);
        }}
      />
      <button type="submit" className="button" disabled={wanted === '' || busy || said.kind === 'refused'}>
        Add
      </button>
      <p className="add-token-said" id={hint} role="status" data-said={said.kind}>
        {said.kind === 'known' && knownText(said.check)}
        {said.kind === 'refused' && said.message}
        {said.kind === 'nothing' && 'Symbol, mint or venue:product'}
      </p>
    </form>
  );
}

function knownText({ token, sources }: TokenCheck): string {
  return sources.length === 0
    ? `${token}: none of the sources in use can price it, so its row stays empty`
    : `${token}, priced by ${sources.map(sourceName).join(', ')}`;
}
