import type {
  AlertCommands,
  AlertDelivery,
  AlertDraft,
  AlertRule,
  AlertSettings,
  AlertState,
  AlertsView,
  AlertView,
} from '../../../src/shared/contract.ts';

type Args<C extends keyof AlertCommands> = AlertCommands[C]['args'];

/** The rules of an invented engine: kept and changed as they are told, fired only when a test says so. */
export class FakeAlerts {
  readonly #rules = new Map<string, AlertView>();
  readonly #changed = new Set<string>();
  #removed: string[] = [];
  #log: AlertDelivery[] = [];
  #due: AlertDelivery[] = [];
  #settings: AlertSettings = { muteUntil: null, quietHours: { enabled: false, zone: 'UTC', ranges: [] } };
  #problem: string | null = null;
  /** Whether the rules have something new to say; the first batch says it in any case. */
  #told = false;
  #made = 0;

  /** What the next batch says of alerts; `null` when nothing changed. */
  view(snapshot: boolean): AlertsView | null {
    if (this.#told && !snapshot) return null;
    const rules = [...this.#rules.values()];
    const view: AlertsView = {
      total: rules.length,
      counts: this.#counts(),
      unacknowledged: this.#log.filter(one => one.acknowledgedAt === null).length,
      settings: this.#settings,
      problem: this.#problem,
      rules: snapshot ? rules : rules.filter(({ rule }) => this.#changed.has(rule.id)),
      removed: this.#removed,
    };
    this.#told = true;
    this.#changed.clear();
    this.#removed = [];
    return view;
  }

  /** What the next batch rings. */
  deliveries(): AlertDelivery[] {
    const due = this.#due;
    this.#due = [];
    return due;
  }

  /** Fires; what is left out is as of a loud price alert of this very moment. The rule of that id rests as if it had fired. */
  fire(part: Partial<AlertDelivery>): AlertDelivery {
    const now = Date.now();
    const index = this.#log.length + 1;
    const delivery: AlertDelivery = {
      ...{ id: `delivery-${index}`, index, ruleId: 'rule-0', name: 'SOL rises to 150', kind: 'price' },
      ...{ token: 'SOL', at: now, happenedAt: now, eventId: `event-fired-${index}`, value: '150' },
      ...{ text: 'SOL rises to 150: 150.01', whileAway: false, test: false, suppressed: null },
      ...{ sound: 'chime', notify: true, acknowledgedAt: null },
      ...part,
    };
    this.#log = [delivery, ...this.#log];
    this.#due.push(delivery);
    const view = this.#rules.get(delivery.ruleId);
    if (view !== undefined && !delivery.test) {
      const { mode } = view.rule;
      this.#change(view.rule.id, {
        fired: view.fired + 1,
        lastFiredAt: now,
        ...(mode.kind === 'once'
          ? { state: 'fired', until: null }
          : { state: 'cooling', until: now + mode.cooldownMs }),
      });
    }
    this.#told = false;
    return delivery;
  }

  /** Says of all rules that something is wrong with keeping them; `null`: nothing is. */
  trouble(problem: string | null): void {
    this.#problem = problem;
    this.#told = false;
  }

  answer(command: string, args: object): unknown {
    switch (command) {
      case 'alerts.save':
        return this.#save((args as Args<'alerts.save'>).draft);
      case 'alerts.remove': {
        const ids = (args as Args<'alerts.remove'>).ids.filter(id => this.#rules.delete(id));
        this.#removed.push(...ids);
        this.#told = false;
        return { count: ids.length };
      }
      case 'alerts.enable': {
        const { ids, enabled } = args as Args<'alerts.enable'>;
        return this.#all(ids, () => ({ state: enabled ? 'armed' : 'disabled', until: null }), { enabled });
      }
      case 'alerts.rearm':
        return this.#all((args as Args<'alerts.rearm'>).ids, () => ({ state: 'armed', waiting: true }));
      case 'alerts.snooze': {
        const { ids, until } = args as Args<'alerts.snooze'>;
        const state = until === null ? 'armed' : 'snoozed';
        return this.#all(ids ?? [...this.#rules.keys()], () => ({ state, until }), { snoozedUntil: until });
      }
      case 'alerts.mute':
        return this.#set({ muteUntil: (args as Args<'alerts.mute'>).until });
      case 'alerts.quiet':
        return this.#set({ quietHours: (args as Args<'alerts.quiet'>).quietHours });
      case 'alerts.acknowledge': {
        const { ids } = args as Args<'alerts.acknowledge'>;
        const acknowledgedAt = Date.now();
        const seen = (one: AlertDelivery): boolean => ids === null || ids.includes(one.id);
        this.#log = this.#log.map(one => (seen(one) ? { ...one, acknowledgedAt } : one));
        this.#told = false;
        return { count: this.#log.filter(seen).length };
      }
      case 'alerts.test': {
        const { id } = args as Args<'alerts.test'>;
        return this.fire({ ruleId: id, name: this.#rules.get(id)?.rule.name ?? id, test: true });
      }
      default:
        return this.#log;
    }
  }

  #counts(): Record<AlertState, number> {
    const counts = { armed: 0, fired: 0, cooling: 0, snoozed: 0, disabled: 0 };
    for (const { state } of this.#rules.values()) counts[state] += 1;
    return counts;
  }

  #all(
    ids: readonly string[],
    part: () => Partial<AlertView>,
    rule: Partial<AlertRule> = {},
  ): { count: number } {
    for (const id of ids) this.#change(id, part(), rule);
    return { count: ids.length };
  }

  #change(id: string, part: Partial<AlertView>, rule: Partial<AlertRule> = {}): void {
    const before = this.#rules.get(id);
    if (before === undefined) throw new Error(`There is no alert "${id}".`);
    this.#rules.set(id, { ...before, ...part, rule: { ...before.rule, ...rule } });
    this.#changed.add(id);
    this.#told = false;
  }

  #set(part: Partial<AlertSettings>): AlertSettings {
    this.#settings = { ...this.#settings, ...part };
    this.#told = false;
    return this.#settings;
  }

  #save(draft: AlertDraft): AlertView {
    if (draft.name === 'refuse me') throw new Error('This rule is refused.');
    const before = draft.id === null ? undefined : this.#rules.get(draft.id);
    if (before === undefined) this.#made += 1;
    const id = draft.id ?? `rule-${this.#made}`;
    const at = Date.now();
    const view: AlertView = {
      rule: { ...draft, id, snoozedUntil: null, createdAt: before?.rule.createdAt ?? at, updatedAt: at },
      ...{ state: 'armed', until: null, waiting: false, lastFiredAt: null, fired: 0, suppressed: 0 },
    };
    this.#rules.set(id, view);
    this.#changed.add(id);
    this.#told = false;
    return view;
  }
}
