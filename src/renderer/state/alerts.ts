import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  AlertDelivery,
  AlertDraft,
  AlertSettings,
  AlertState,
  AlertsView,
  AlertView,
} from '../../shared/alerts.ts';
import type { Batch, DecimalString, Token } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';
import { messageOf } from '../bridge/message-of.ts';

/** Deliveries a screen keeps; older ones are asked for. */
export const DELIVERIES_SHOWN = 200;

/** What an editor of a rule opens with; what is left out is as in the template of its kind. */
export type AlertPrefill = Partial<AlertDraft> & Pick<AlertDraft, 'condition'>;

/** Everything the screen knows of alerts. Never changed in place. */
export interface AlertsState {
  /** False until the engine has said anything of alerts. */
  readonly ready: boolean;
  /** Oldest rule first. */
  readonly rules: ReadonlyMap<string, AlertView>;
  /** Of all rules, also those that have not arrived yet. */
  readonly total: number;
  readonly counts: Readonly<Record<AlertState, number>>;
  readonly unacknowledged: number;
  readonly settings: AlertSettings;
  /** The engine's own words when rules cannot be kept. */
  readonly problem: string | null;
  /** Newest first. */
  readonly log: readonly AlertDelivery[];
  /** Why the log could not be had; `null`: it is here, or on its way. */
  readonly logProblem: string | null;
  /** What rang on this screen and was not put away. */
  readonly ringing: readonly AlertDelivery[];
  /** The rule in the editor; `null`: it is closed. */
  readonly editing: AlertDraft | null;
}

const NO_COUNTS: Record<AlertState, number> = { armed: 0, fired: 0, cooling: 0, snoozed: 0, disabled: 0 };

/** Before the engine has said anything. */
export const NO_ALERTS: AlertsState = {
  ready: false,
  rules: new Map(),
  total: 0,
  counts: NO_COUNTS,
  unacknowledged: 0,
  settings: { muteUntil: null, quietHours: { enabled: false, zone: 'UTC', ranges: [] } },
  problem: null,
  log: [],
  logProblem: null,
  ringing: [],
  editing: null,
};

/** The screen's alerts: what is known, and what can be done. Actions that ask the engine reject with its refusal. */
export interface Alerts {
  readonly store: StoreApi<AlertsState>;
  /** Takes a batch as it arrives; every delivery is given to `onRing` once. */
  receive(batch: Pick<Batch, 'kind' | 'alerts' | 'deliveries'>): void;
  save(draft: AlertDraft): Promise<AlertView>;
  /** Moves the level of a price rule, for instance after its line was dragged. Any other rule is left as it is. */
  moveLevel(id: string, level: DecimalString): Promise<void>;
  /** Opens the editor with a new rule, or with one that exists. */
  openEditor(prefill: AlertPrefill): void;
  editRule(id: string): void;
  closeEditor(): void;
  /** Puts a toast away and tells the engine that it was seen. */
  putAway(id: string): void;
  putAllAway(): void;
  /** Asks for the newest deliveries. What fired while this screen could not be told rings now. */
  loadLog(): Promise<void>;
}

/** Makes the store. `onRing` is called for each new delivery, in order: sounds and notifications hang on it. */
export function createAlerts(
  link: Pick<Link, 'invoke'>,
  onRing: (delivery: AlertDelivery) => void = () => {},
): Alerts {
  const store = createStore<AlertsState>(() => NO_ALERTS);
  const rung = (known: AlertsState, fresh: readonly AlertDelivery[]): void => {
    if (fresh.length === 0) return;
    const loud = fresh.filter(({ suppressed }) => suppressed === null);
    store.setState({
      log: mergeLog(known.log, fresh),
      ringing: [...loud.toReversed(), ...known.ringing].slice(0, 20),
    });
    for (const delivery of fresh) onRing(delivery);
  };
  const putAway = (ids: readonly string[]): void => {
    if (ids.length === 0) return;
    store.setState(({ ringing }) => ({ ringing: ringing.filter(({ id }) => !ids.includes(id)) }));
    link.invoke('alerts.acknowledge', { ids: [...ids] }).catch(() => {});
  };
  const alerts: Alerts = {
    store,
    receive(batch) {
      const before = store.getState();
      if (batch.alerts !== null) store.setState(mergeAlerts(before, batch.alerts, batch.kind === 'snapshot'));
      const known = new Set(before.log.map(({ id }) => id));
      rung(
        store.getState(),
        batch.deliveries.filter(({ id }) => !known.has(id)),
      );
      if (batch.kind === 'snapshot') alerts.loadLog().catch(() => {});
    },
    save: draft => link.invoke('alerts.save', { draft }),
    async moveLevel(id, level) {
      const rule = store.getState().rules.get(id)?.rule;
      if (rule === undefined || rule.condition.kind !== 'price' || rule.condition.level === level) return;
      await alerts.save(draftOf({ ...rule, condition: { ...rule.condition, level } }));
    },
    openEditor(prefill) {
      store.setState({ editing: { ...newDraft(prefill.condition), ...prefill } });
    },
    editRule(id) {
      const rule = store.getState().rules.get(id)?.rule;
      if (rule !== undefined) store.setState({ editing: draftOf(rule) });
    },
    closeEditor() {
      store.setState({ editing: null });
    },
    putAway: id => putAway([id]),
    putAllAway: () => putAway(store.getState().ringing.map(({ id }) => id)),
    async loadLog() {
      try {
        const newest = await link.invoke('alerts.deliveries', {
          before: null,
          limit: DELIVERIES_SHOWN,
          ruleId: null,
        });
        const { log } = store.getState();
        const known = log[0]?.index;
        store.setState({ log: mergeLog(log, newest), logProblem: null });
        const late = newest.filter(({ index }) => known !== undefined && index > known);
        rung(store.getState(), late.toReversed());
      } catch (error) {
        store.setState({ logProblem: messageOf(error) });
      }
    },
  };
  return alerts;
}

/** A new rule as the trader first sees it: fires again after five minutes, with a chime and a notification. */
export function newDraft(condition: AlertDraft['condition']): AlertDraft {
  return {
    id: null,
    name: '',
    condition,
    enabled: true,
    mode: { kind: 'rearm', hysteresis: { unit: 'percent', value: '0' }, cooldownMs: 300_000 },
    sound: 'chime',
    notify: true,
    note: '',
  };
}

/** What of a rule the trader decides about. */
export function draftOf({ id, name, condition, enabled, mode, sound, notify, note }: AlertDraft): AlertDraft {
  return { id, name, condition, enabled, mode, sound, notify, note };
}

/** The price rules of a token that are watched, for the lines of its chart; oldest first. */
export function priceRules(state: Pick<AlertsState, 'rules'>, token: Token): AlertView[] {
  return [...state.rules.values()].filter(
    ({ rule, state: now }) =>
      rule.condition.kind === 'price' && rule.condition.token === token && now !== 'disabled',
  );
}

function mergeAlerts(before: AlertsState, view: AlertsView, anew: boolean): Partial<AlertsState> {
  const { total, counts, unacknowledged, settings, problem } = view;
  let { rules } = before;
  if (anew || view.rules.length > 0 || view.removed.length > 0) {
    const next = new Map(anew ? [] : rules);
    for (const one of view.rules) next.set(one.rule.id, one);
    for (const id of view.removed) next.delete(id);
    rules = new Map([...next].sort(([, a], [, b]) => a.rule.createdAt - b.rule.createdAt));
  }
  return { ready: true, rules, total, counts, unacknowledged, settings, problem };
}

/** Both, each once (the later wins), newest first. */
function mergeLog(log: readonly AlertDelivery[], more: readonly AlertDelivery[]): AlertDelivery[] {
  const byId = new Map([...log, ...more].map(one => [one.id, one]));
  return [...byId.values()].sort((a, b) => b.index - a.index).slice(0, DELIVERIES_SHOWN);
}
