import type { AlertDelivery } from '../../../shared/alerts.ts';
import type { EpochMs } from '../../../shared/contract.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { StreamEvent } from '../events/event.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import { ChannelMarks } from './channel-marks.ts';
import { ClockRules, type Surroundings } from './clock-rules.ts';
import { DeliveryLog } from './delivery-log.ts';
import { AlertFiles } from './files.ts';
import type { PositionsNow } from './held-rules.ts';
import { Keeper } from './keeper.ts';
import type { Changes } from './kept-state.ts';
import type { AlertNews } from './news.ts';
import { restoreState } from './restore.ts';
import { Ringer } from './ringer.ts';
import { RuleBook } from './rule-book.ts';
import { RuleDesk, type AlertHandlers } from './rule-desk.ts';
import { Watch } from './watch.ts';
import type { Findings, Watched } from './watched.ts';

export interface AlertsDeps extends Surroundings {
  clock: Clock;
  log: Logger;
  /** The positions as the desk knows them, asked for when the first rule about positions is made. */
  positions(): PositionsNow;
}

/** User alerts (R12.3): watches every event for the trader's rules, and knows across restarts what it has seen. */
export interface Alerts {
  readonly news: AlertNews;
  /** The commands of a screen. They refuse with `NOT_STARTED` until {@link Alerts.open}. */
  readonly handlers: AlertHandlers;
  /** Reads the rules and what they have seen from `dir`, and begins to look at the clock. */
  open(dir: string): void;
  /** Looks at an event, in the order in which events are applied; each once, before it is acknowledged. */
  take(event: StreamEvent, phase: 'snapshot' | 'live'): void;
  /** Keeps what was found since the last call, and delivers it. To be called before the events are acknowledged. */
  settle(): void;
  /** Calls `listener` with each delivery, in order. Returns its undo. */
  onDelivery(listener: (delivery: AlertDelivery) => void): Cancel;
  close(): void;
}

const TICK_MS = 1_000;

/** Makes the alerts described at {@link Alerts}; nothing is read or written before {@link Alerts.open}. */
export function createAlerts(deps: AlertsDeps): Alerts {
  const { clock } = deps;
  const log = new LimitedLog(deps.log, clock);
  const startedAt: EpochMs = clock.now();
  const marks = new ChannelMarks();
  const book = new RuleBook();
  const deliveries = new DeliveryLog();
  const changed = new Set<Watched>();
  const findings: Findings = {
    moved: watched => changed.add(watched),
    reached: (watched, cause) => {
      changed.add(watched);
      ringer.reached(watched, cause);
    },
  };
  const watch = new Watch(findings);
  const clockRules = new ClockRules(findings, deps, startedAt);
  const ringer: Ringer = new Ringer({ clock, log, deliveries, startedAt, settings: () => desk.settings });

  const all = (): Changes => ({
    full: true,
    channels: marks.all(),
    rules: Object.fromEntries(book.all().map(({ rule, state }) => [rule.id, state])),
    ...watch.all(),
    deliveries: deliveries.all(),
  });

  let keeper: Keeper | undefined;
  const keep = (changes: Changes): void => {
    if (keeper?.keep(changes) === true) book.touch();
  };
  const desk: RuleDesk = new RuleDesk({
    clock,
    book,
    deliveries,
    ringer,
    keeper: () => keeper,
    price: token => deps.price(token),
    watch: {
      add(watched) {
        watch.add(watched);
        clockRules.add(watched);
        watch.held.begin(() => deps.positions());
      },
      remove(id) {
        watch.remove(id);
        clockRules.remove(id);
      },
    },
    keep: changes => {
      // From the first rule on it matters how far each channel was looked at.
      const channels = marks.changes();
      keep({ ...watch.changes(), ...changes, ...(channels && { channels }) });
    },
  });

  const settle = (): void => {
    if (book.size === 0) return;
    const windows = watch.changes();
    const rung = ringer.taken();
    if (changed.size === 0 && rung.length === 0 && Object.keys(windows).length === 0) return;
    const now = clock.now();
    const rules = Object.fromEntries([...changed].map(({ rule, state }) => [rule.id, state]));
    for (const watched of changed) if (book.get(watched.rule.id) === watched) book.set(watched, now);
    changed.clear();
    const channels = marks.changes();
    keep({ ...windows, rules, ...(channels && { channels }), ...(rung.length > 0 && { deliveries: rung }) });
    ringer.tell(rung);
  };

  let cancel: Cancel | undefined;
  let files: AlertFiles | undefined;
  return {
    handlers: desk.handlers,
    news: {
      get version() {
        return book.version;
      },
      get head() {
        return deliveries.head;
      },
      summary: () => desk.summary(),
      changedSince: version => book.changedSince(version, clock.now()),
      delivery: index => deliveries.at(index),
    },
    open(dir) {
      files = new AlertFiles(dir, { clock, log: deps.log });
      const loaded = files.load();
      const found = restoreState(loaded, { marks, watch, deliveries, now: clock.now() });
      keeper = new Keeper(files, log, all);
      for (const watched of found) {
        book.set(watched, clock.now());
        watch.add(watched);
        clockRules.add(watched);
      }
      desk.opened(loaded);
      if (book.size > 0 || deliveries.head > 0) keep(all());
      cancel = clock.every(TICK_MS, () => {
        clockRules.tick(clock.now());
        book.tick(clock.now());
        settle();
      });
    },
    take(event, phase) {
      const newness = marks.take(event, phase);
      if (newness !== 'known' && book.size > 0) watch.take(event, newness === 'past');
    },
    settle,
    onDelivery: listener => ringer.onDelivery(listener),
    close() {
      cancel?.();
      settle();
      files?.close();
      keeper = undefined;
    },
  };
}
