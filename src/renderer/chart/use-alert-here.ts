import { useCallback, useState } from 'react';
import type { PriceCondition } from '../../shared/alerts.ts';
import type { DecimalString, Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { messageOf } from '../bridge/message-of.ts';
import { newDraft } from '../state/alerts.ts';
import { directionTo } from './alert-level.ts';

/** What an alert at a level waits for: the price coming to it from where it is now. */
export function useCondition(token: Token | null): (level: DecimalString) => PriceCondition | null {
  const { screen } = useServices();
  return useCallback(
    level => {
      if (token === null) return null;
      const price = screen.getState().prices.get(token)?.price;
      return { kind: 'price', token, direction: directionTo(level, price), level };
    },
    [screen, token],
  );
}

/** Adds a price alert without asking further; `failed` says why the last one could not be kept. */
export function useAlertHere(token: Token | null): {
  add: (level: DecimalString) => void;
  failed: string | null;
} {
  const { alerts } = useServices();
  const conditionFor = useCondition(token);
  const [failed, setFailed] = useState<string | null>(null);
  const add = useCallback(
    (level: DecimalString) => {
      const condition = conditionFor(level);
      if (condition === null) return;
      setFailed(null);
      alerts.save(newDraft(condition)).catch((error: unknown) => setFailed(messageOf(error)));
    },
    [alerts, conditionFor],
  );
  return { add, failed };
}
