import { useCallback, useState } from 'react';
import type { CommandName, Commands } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { messageOf } from '../bridge/message-of.ts';

/** Gives a command; the result, or `undefined` when it was refused. */
export type RunCommand = ReturnType<typeof useCommand>['run'];

/** Gives commands one at a time and keeps the refusal of the last one, in the engine's own words. */
export function useCommand(): {
  busy: boolean;
  failed: string | null;
  /** The result, or `undefined` when it was refused; then `failed` says why. */
  run: <C extends CommandName>(
    command: C,
    args: Commands[C]['args'],
  ) => Promise<Commands[C]['result'] | undefined>;
} {
  const { link } = useServices();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const run = useCallback(
    async <C extends CommandName>(command: C, args: Commands[C]['args']) => {
      setBusy(true);
      setFailed(null);
      try {
        return await link.invoke(command, args);
      } catch (error) {
        setFailed(messageOf(error));
        return undefined;
      } finally {
        setBusy(false);
      }
    },
    [link],
  );
  return { busy, failed, run };
}
