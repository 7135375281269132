import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand/react';
import type { StatusView } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { Age } from '../time/age.tsx';
import { fixedNumber } from '../format/prices.ts';
import { formatClock, formatCount, formatMs, zoneName } from '../format/times.ts';
import { ChannelFacts } from './channel-facts.tsx';
import { Components } from './components.tsx';
import { Fact } from './fact.tsx';
import { HealthTiles } from './health-tiles.tsx';
import { ledgerEntry } from '../status/ledger-entry.ts';
import { LedgerFacts } from './ledger-facts.tsx';
import { SourceList } from './source-list.tsx';
import './health.css';

/** What the program says about itself, all of it measured in use. While the engine is silent it is marked as old. */
export function HealthPane(): ReactElement {
  const { screen, vitals } = useServices();
  const status = useStore(screen, state => state.status);
  const connection = useStore(vitals, state => state.connection);
  const current = connection === 'live';
  return (
    <div className="health" data-current={current}>
      <PaneTools>
        <span className="pane-note">
          {status === null ? (
            'waiting for the engine'
          ) : current ? (
            'all values measured in use'
          ) : (
            <Heard at={status.at} />
          )}
        </span>
      </PaneTools>
      {/* Scrolls when it must, so the keyboard has to be able to reach it. */}
      <div className="health-scroll" tabIndex={0} role="group" aria-label="Measurements">
        <HealthTiles />
        {status === null ? (
          <Outlines />
        ) : (
          <>
            <SourceList sources={status.sources} current={current} />
            <Parts status={status} current={current} />
          </>
        )}
      </div>
    </div>
  );
}

/** Sources as they will be, before the first status. */
function Outlines(): ReactElement {
  return (
    <ul className="source-list" aria-hidden="true">
      {['28%', '22%', '32%'].map(width => (
        <li key={width}>
          <p className="source-line">
            <span className="skeleton" style={{ width, height: 10 }} />
          </p>
          <p className="source-facts">
            <span className="skeleton" style={{ width: '60%', height: 8 }} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function Heard({ at }: { at: number }): ReactElement {
  return (
    <span className="health-old">
      as of <Age since={at} /> ago
    </span>
  );
}

function Parts({ status, current }: { status: StatusView; current: boolean }): ReactElement {
  const { screen, vitals } = useServices();
  const duplicates = useStore(screen, state => state.duplicates);
  const missed = useStore(screen, state => state.missed);
  const screenHz = useStore(vitals, state => state.screenHz);
  const { redis, ledger, updater, subscription, feed } = status;
  return (
    <>
      <Group
        title="Redis"
        state={current ? redis.state : 'unknown'}
        tone={current && redis.state === 'down' ? 'bad' : toneOf(current, redis.state === 'up')}
      >
        {redis.message !== null && <p className="health-message">{redis.message}</p>}
        <Fact name="Server">{redis.kind}</Fact>
        <Fact name="Address">{redis.address}</Fact>
        {current ? (
          <Fact name={redis.state === 'up' ? 'Up for' : 'Not up for'}>
            <Age since={redis.since} />
          </Fact>
        ) : (
          <Fact name="Last known">
            {redis.state} at {formatClock(status.at)} {zoneName(status.at)}
          </Fact>
        )}
      </Group>
      <Group
        title="Ledger"
        state={current ? ledger.state : 'unknown'}
        tone={current ? ledgerEntry(status).tone : 'off'}
      >
        <LedgerFacts ledger={ledger} current={current} />
      </Group>
      <Group
        title="Updater"
        state={current ? updater.state : 'unknown'}
        tone={toneOf(current, updater.state === 'running')}
      >
        {updater.message !== null && <p className="health-message">{updater.message}</p>}
        <Fact name="Writes every">{formatMs(updater.everyMs)}</Fact>
        <Fact name="Last tick">
          <Age since={updater.lastTickAt} />
        </Fact>
      </Group>
      <Group
        title="Subscription"
        state={current ? subscription.state : 'unknown'}
        tone={toneOf(current, subscription.state === 'following')}
      >
        <Fact name="Group">{subscription.group}</Fact>
        <ChannelFacts subscription={subscription} />
        <Fact name="Last event">
          <Age since={subscription.lastAppliedAt} />
        </Fact>
        <Fact name="Applied">{formatCount(subscription.applied)}</Fact>
        <Fact name="Duplicates dropped">{formatCount(subscription.duplicates)}</Fact>
        <Fact name="Refused">{formatCount(subscription.refused)}</Fact>
      </Group>
      <Components />
      <Group title="Screen" state={`${fixedNumber(screenHz, 1)} Hz`} tone={toneOf(current, screenHz > 0)}>
        <Fact name="Windows">{formatCount(feed.clients)}</Fact>
        <Fact name="Queued for them">{formatCount(feed.queued)}</Fact>
        <Fact name="Duplicates dropped here">{formatCount(duplicates)}</Fact>
        <Fact name="Missed by this window">{formatCount(missed)}</Fact>
      </Group>
    </>
  );
}

function toneOf(current: boolean, well: boolean): string {
  if (!current) return 'off';
  return well ? 'good' : 'warn';
}

function Group(props: { title: string; state: string; tone: string; children: ReactNode }): ReactElement {
  return (
    <div className="health-group">
      <h3 data-tone={props.tone}>
        <span className="dot" />
        {props.title}
        <span className="health-state">{props.state}</span>
      </h3>
      <div className="facts">{props.children}</div>
    </div>
  );
}
