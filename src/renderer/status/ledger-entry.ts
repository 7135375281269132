import type { StatusView } from '../../shared/contract.ts';
import type { Tone } from '../state/names.ts';
import { formatClock, formatCount, formatMs } from '../format/times.ts';

/** What the truth bar and the health pane say of the ledger: off is no fault, but it is said. */
export function ledgerEntry({ ledger }: Pick<StatusView, 'ledger'>): {
  value: string;
  tone: Tone;
  detail: string;
} {
  const { state, kind, latencyMs, message, address } = ledger;
  const waiting = ledger.outbox + ledger.unconfirmed;
  const work = waiting === 0 ? '' : `; ${formatCount(waiting)} events on their way to it`;
  const lost = ledger.lost === 0 ? '' : `; ${formatCount(ledger.lost)} events were lost to it`;
  const told = (message ?? (kind === 'embedded' ? 'embedded' : `${kind} at ${address}`)) + work + lost;
  if (state === 'off') return { value: 'off', tone: 'off', detail: message ?? 'Nothing is recorded' };
  if (state !== 'up') {
    return {
      value: `${state} since ${formatClock(ledger.since)}`,
      tone: state === 'connecting' ? 'busy' : 'bad',
      detail: told,
    };
  }
  return {
    value: `${kind}${latencyMs === null ? '' : ` · ${formatMs(latencyMs)}`}`,
    // A message while it is up: it takes no writes, for want of disk.
    tone: message === null && ledger.lost === 0 ? 'good' : 'warn',
    detail: told,
  };
}
