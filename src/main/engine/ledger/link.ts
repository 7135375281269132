import type pg from 'pg';
import type { EpochMs, LedgerStatus } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { backOffMs, type BackOff } from '../redis/back-off.ts';
import type { BusyClients } from './busy-clients.ts';
import { openDoor, type Door } from './door.ts';
import { ledgerDown, openingError, type LedgerPlace } from './ledger-errors.ts';

export interface LinkDeps {
  config: pg.ClientConfig;
  place: LedgerPlace;
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'ledgerUp' | 'ledgerReplaced'>;
  busy: BusyClients;
  timeoutMs: number;
  stuckMs: number;
  backOff: BackOff;
  /** True: the first attempt is made when {@link Link.tryNow} is called. */
  waits: boolean;
}

type State = Exclude<LedgerStatus['state'], 'off'>;

/** Whether the server can be used: found out by a door that is opened again and again. */
export interface Link {
  state(): State;
  since(): EpochMs;
  /** Why it is not up; `undefined` before the first attempt is over. */
  trouble(): TenhertzError | undefined;
  /** The same in a few words. */
  reason(): string;
  /** For people, with what happens next. */
  message(): string;
  onChange(listener: () => void): () => void;
  /** Called after every attempt, whatever came of it. Returns its undo. */
  onAttempt(listener: () => void): () => void;
  /** Looks after statements that hear nothing; to be called about once a second. */
  look(): Promise<void>;
  /** Begins anew with the server. */
  drop(): void;
  tryNow(): void;
  close(): void;
}

/** A door that ends sooner than this counts as a failed attempt, so that nothing is tried in a tight circle. */
const STEADY_MS = 1_000;

/** Makes the link; it starts connecting at once, or when it is told that the server is there. */
export function createLink(deps: LinkDeps): Link {
  const { place, clock, log, metrics, busy, backOff, stuckMs } = deps;
  const changes = new Set<() => void>();
  const attempts = new Set<() => void>();
  let state: State = 'connecting';
  let since = clock.now();
  let door: Door | undefined;
  let trouble: TenhertzError | undefined;
  let failures = 0;
  let nextAttemptAt: EpochMs | undefined;
  let cancelAttempt = (): void => undefined;
  let looking = false;
  let suspects: ReadonlySet<unknown> = new Set();
  let idle = deps.waits;
  let closed = false;

  const set = (now: State): void => {
    metrics.ledgerUp.set(now === 'up' ? 1 : 0);
    if (now === state) return;
    state = now;
    since = clock.now();
    if (now === 'up') log.info({ address: place.address }, 'The ledger answers');
    else log.warn({ state, reason: trouble?.message }, 'The ledger is away');
    for (const listener of [...changes]) listener();
  };

  const attempt = async (): Promise<void> => {
    nextAttemptAt = undefined;
    cancelAttempt = () => undefined;
    try {
      const opened = await openDoor(deps);
      if (closed) {
        opened.close();
        return;
      }
      const openedAt = clock.monotonic();
      if (opened.migrated.length > 0)
        log.info({ steps: opened.migrated }, "The ledger's tables were brought up to date");
      door = opened;
      trouble = undefined;
      set('up');
      opened.onEnd(() => ended(clock.monotonic() - openedAt));
    } catch (error) {
      if (closed) return;
      trouble = openingError(error, place);
      later();
      set('down');
    }
    for (const listener of [...attempts]) listener();
  };

  const later = (): void => {
    const delay = backOffMs(failures, backOff);
    failures += 1;
    nextAttemptAt = clock.now() + delay;
    cancelAttempt = clock.after(delay, () => void attempt());
  };

  const ended = (livedMs: number): void => {
    door = undefined;
    if (closed) return;
    trouble ??= ledgerDown('it closed the connection', place);
    if (livedMs >= STEADY_MS) failures = 0;
    if (failures === 0) {
      failures = 1;
      void attempt();
    } else later();
    set('connecting');
  };

  /** Nobody answers: every connection is given up, and with them what waits on them. */
  const giveUp = (reason: string): void => {
    trouble = ledgerDown(reason, place);
    const all = busy.all();
    metrics.ledgerReplaced.inc(all.length);
    busy.cut(all);
    door?.close();
  };

  if (!idle) void attempt();
  return {
    state: () => state,
    since: () => since,
    trouble: () => trouble,
    reason() {
      const reason = trouble?.facts['reason'];
      return typeof reason === 'string' ? reason : 'it has not answered yet';
    },
    message() {
      if (trouble === undefined) return `Connecting to the ledger (${place.address}).`;
      const waitMs = nextAttemptAt === undefined ? 0 : nextAttemptAt - clock.now();
      const next = waitMs > 0 ? `Trying again in ${(waitMs / 1_000).toFixed(1)} s.` : 'Trying again now.';
      return `${trouble.message} ${next}`;
    },
    onChange(listener) {
      changes.add(listener);
      return () => changes.delete(listener);
    },
    onAttempt(listener) {
      attempts.add(listener);
      return () => attempts.delete(listener);
    },
    async look() {
      if (door === undefined || looking) return;
      const stuck = busy.stuck(stuckMs);
      if (stuck.length === 0) {
        suspects = new Set();
        return;
      }
      looking = true;
      try {
        const states = await door.states(stuck.map(one => one.pid));
        // The server is done with it and we heard nothing: the line is dead. Once may be the answer on its way.
        const idle = stuck.filter(({ pid }) => states.get(pid)?.startsWith('idle') === true);
        const dead = idle.filter(({ client }) => suspects.has(client)).map(({ client }) => client);
        suspects = new Set(idle.map(({ client }) => client));
        if (dead.length === 0) return;
        metrics.ledgerReplaced.inc(dead.length);
        log.warn({ connections: dead.length }, 'Ledger connections made no progress and are replaced');
        busy.cut(dead);
      } catch {
        giveUp('it stopped answering');
      } finally {
        looking = false;
      }
    },
    drop: () => giveUp('it takes no writes any more'),
    tryNow() {
      if (closed || !(idle || nextAttemptAt !== undefined)) return;
      idle = false;
      cancelAttempt();
      void attempt();
    },
    close() {
      closed = true;
      cancelAttempt();
      door?.close();
      metrics.ledgerUp.set(0);
    },
  };
}
