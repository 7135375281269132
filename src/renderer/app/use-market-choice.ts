import { useCallback, useState } from 'react';
import { messageOf } from '../bridge/message-of.ts';
import { useServices } from './services.ts';

/** Asks the engine for another market; the screen changes only when the engine says it has. */
export function useMarketChoice(): {
  busy: boolean;
  /** Why the last wish was refused. */
  failed: string | null;
  use: (market: 'live' | 'simulated') => void;
} {
  const { link } = useServices();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const use = useCallback(
    (market: 'live' | 'simulated') => {
      setBusy(true);
      setFailed(null);
      link
        .invoke('sources.use', { market })
        .catch((error: unknown) => setFailed(messageOf(error)))
        .finally(() => setBusy(false));
    },
    [link],
  );
  return { busy, failed, use };
}
