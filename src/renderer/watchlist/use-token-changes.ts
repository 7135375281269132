import { useCallback, useState } from 'react';
import type { Token, TokensChange } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { messageOf } from '../bridge/message-of.ts';

/** What is said about the last change. */
export interface ChangeNotice {
  text: string;
  /** Puts a removed token back where it was. */
  undo: (() => void) | null;
}

/** The order after a token has gone down by `steps` (up below zero). */
export function movedBy(tokens: readonly Token[], token: Token, steps: number): Token[] {
  const from = tokens.indexOf(token);
  const to = Math.max(0, Math.min(tokens.length - 1, from + steps));
  return from < 0 ? [...tokens] : tokens.toSpliced(from, 1).toSpliced(to, 0, token);
}

/** Changes the watchlist through the engine and shows the new list at once; a refusal is shown and the list stays. */
export function useTokenChanges(): {
  notice: ChangeNotice | null;
  dismiss: () => void;
  /** Rejects with the engine's refusal, for the form that asked. */
  add: (name: string) => Promise<void>;
  remove: (token: Token) => void;
  move: (token: Token, steps: number) => void;
} {
  const { link, screen } = useServices();
  const [notice, setNotice] = useState<ChangeNotice | null>(null);
  const take = useCallback(
    ({ tokens, note }: TokensChange, undo: (() => void) | null, done: string): void => {
      screen.setState({ tokens });
      const text = [done, note ?? ''].filter(part => part !== '').join(' ');
      setNotice(text === '' ? null : { text, undo });
    },
    [screen],
  );
  const fail = useCallback((error: unknown): void => {
    setNotice({ text: messageOf(error), undo: null });
  }, []);

  const move = useCallback(
    (token: Token, steps: number): void => {
      const before = screen.getState().tokens;
      const tokens = movedBy(before, token, steps);
      screen.setState({ tokens });
      link.invoke('tokens.order', { tokens }).then(
        change => take(change, null, ''),
        (error: unknown) => {
          screen.setState({ tokens: before });
          fail(error);
        },
      );
    },
    [link, screen, take, fail],
  );
  const remove = useCallback(
    (token: Token): void => {
      const before = [...screen.getState().tokens];
      const undo = (): void => {
        link
          .invoke('tokens.add', { name: token })
          .then(() => link.invoke('tokens.order', { tokens: before }))
          .then(change => take(change, null, ''), fail);
      };
      link.invoke('tokens.remove', { token }).then(change => take(change, undo, `${token} removed.`), fail);
    },
    [link, screen, take, fail],
  );
  const add = useCallback(
    async (name: string): Promise<void> => take(await link.invoke('tokens.add', { name }), null, ''),
    [link, take],
  );
  return { notice, dismiss: () => setNotice(null), add, remove, move };
}
