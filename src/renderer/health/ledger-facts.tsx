import type { ReactElement } from 'react';
import type { StatusView } from '../../shared/contract.ts';
import { Age } from '../time/age.tsx';
import { formatCount, formatMs } from '../format/times.ts';
import { Fact } from './fact.tsx';

/** The ledger's part of the health pane: which it is, how it answers, and what waits for it. */
export function LedgerFacts({
  ledger,
  current,
}: {
  ledger: StatusView['ledger'];
  current: boolean;
}): ReactElement {
  return (
    <>
      {ledger.message !== null && <p className="health-message">{ledger.message}</p>}
      <Fact name="Server">{ledger.kind}</Fact>
      {ledger.state !== 'off' && (
        <>
          <Fact name="Address">{ledger.address}</Fact>
          {current && (
            <Fact name={ledger.state === 'up' ? 'Up for' : 'Not up for'}>
              <Age since={ledger.since} />
            </Fact>
          )}
          <Fact name="Statement">{ledger.latencyMs === null ? '–' : formatMs(ledger.latencyMs)}</Fact>
          <Fact name="Waiting to be recorded">{formatCount(ledger.unconfirmed)}</Fact>
          <Fact name="Waiting to be broadcast">{formatCount(ledger.outbox)}</Fact>
          <Fact name="Failed attempts">{formatCount(ledger.confirmFailures)}</Fact>
          <Fact name="Lost">{formatCount(ledger.lost)}</Fact>
        </>
      )}
    </>
  );
}
