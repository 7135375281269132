import type { AlertDraft, AlertsView, AlertView } from '../../../src/shared/contract.ts';

/** The rules of an invented engine: kept as they are told, never evaluated. */
export class FakeAlerts {
  readonly #rules = new Map<string, AlertView>();
  #changed: AlertView[] = [];
  #removed: string[] = [];
  #told = false;
  #made = 0;

  /** What the next batch says of alerts; `null` when nothing changed. */
  view(snapshot: boolean): AlertsView | null {
    if (this.#told && !snapshot && this.#changed.length === 0 && this.#removed.length === 0) return null;
    const rules = snapshot ? [...this.#rules.values()] : this.#changed;
    const removed = this.#removed;
    this.#told = true;
    this.#changed = [];
    this.#removed = [];
    return {
      total: this.#rules.size,
      counts: { armed: this.#rules.size, fired: 0, cooling: 0, snoozed: 0, disabled: 0 },
      unacknowledged: 0,
      settings: { muteUntil: null, quietHours: { enabled: false, zone: 'UTC', ranges: [] } },
      problem: null,
      rules,
      removed,
    };
  }

  answer(command: string, args: Record<string, unknown>): unknown {
    if (command === 'alerts.save') return this.#save(args['draft'] as AlertDraft);
    if (command === 'alerts.remove') {
      const ids = (args['ids'] as string[]).filter(id => this.#rules.delete(id));
      this.#removed.push(...ids);
      return { count: ids.length };
    }
    if (command === 'alerts.deliveries') return [];
    return { count: 0 };
  }

  #save(draft: AlertDraft): AlertView {
    if (draft.name === 'refuse me') throw new Error('This rule is refused.');
    const before = draft.id === null ? undefined : this.#rules.get(draft.id);
    if (before === undefined) this.#made += 1;
    const id = draft.id ?? `rule-${this.#made}`;
    const at = Date.now();
    const view: AlertView = {
      rule: {
        ...draft,
        id,
        snoozedUntil: null,
        createdAt: before?.rule.createdAt ?? at,
        updatedAt: at,
      },
      state: 'armed',
      until: null,
      waiting: false,
      lastFiredAt: null,
      fired: 0,
      suppressed: 0,
    };
    this.#rules.set(id, view);
    this.#changed.push(view);
    return view;
  }
}
