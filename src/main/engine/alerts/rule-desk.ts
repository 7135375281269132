import { randomUUID } from 'node:crypto';
import {
  MOST_RULES,
  type AlertCommands,
  type AlertDelivery,
  type AlertDraft,
  type AlertSettings,
  type AlertsView,
  type AlertView,
} from '../../../shared/alerts.ts';
import type { PriceView } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { TenhertzError } from '../errors.ts';
import type { StoredRule } from './arguments.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { Loaded } from './files.ts';
import type { Keeper } from './keeper.ts';
import type { Changes } from './kept-state.ts';
import { compareNums, numOf } from './number.ts';
import type { Ringer } from './ringer.ts';
import type { RuleBook } from './rule-book.ts';
import { isSameCondition, isSameWatch, noSuch, statesOf } from './rule-changes.ts';
import { firstSide, newState, thresholdOf, viewOf, type Watched } from './watched.ts';

/** The work behind each command about alerts. */
export type AlertHandlers = {
  [C in keyof AlertCommands]: (args: AlertCommands[C]['args']) => AlertCommands[C]['result'];
};

export interface RuleDeskDeps {
  clock: Clock;
  book: RuleBook;
  deliveries: DeliveryLog;
  ringer: Ringer;
  /** `undefined` before the folder is open, and after it was closed. */
  keeper: () => Keeper | undefined;
  keep: (changes: Changes) => void;
  price: (token: string) => PriceView | undefined;
  watch: { add(watched: Watched): void; remove(id: string): void };
}

const LOUD: AlertSettings = { muteUntil: null, quietHours: { enabled: false, zone: 'UTC', ranges: [] } };

/** Where the trader's rules are made and changed. A change is on disk before it counts. */
export class RuleDesk {
  settings: AlertSettings = LOUD;
  readonly #deps: RuleDeskDeps;
  #problems: string[] = [];

  constructor(deps: RuleDeskDeps) {
    this.#deps = deps;
  }

  /** Takes what was found on disk, apart from the rules themselves. */
  opened({ settings, problems }: Loaded): void {
    this.settings = settings ?? LOUD;
    this.#problems = problems;
    this.#deps.book.touch();
  }

  summary(): Omit<AlertsView, 'rules' | 'removed'> {
    const { book, clock, deliveries, keeper } = this.#deps;
    const problems = [...this.#problems, keeper()?.problem ?? ''].filter(text => text !== '');
    return {
      total: book.size,
      counts: book.counts(clock.now()),
      unacknowledged: deliveries.unacknowledged,
      settings: this.settings,
      problem: problems.length === 0 ? null : problems.join(' '),
    };
  }

  readonly handlers: AlertHandlers = {
    'alerts.list': () => {
      this.#open();
      return { rules: this.#deps.book.views(this.#deps.clock.now()), settings: this.settings };
    },
    'alerts.save': ({ draft }) => this.#save(draft),
    'alerts.remove': ({ ids }) => {
      const gone = new Set(this.#some(ids).map(({ rule }) => rule.id));
      this.#write(this.#rules().filter(({ id }) => !gone.has(id)));
      for (const id of gone) {
        this.#deps.watch.remove(id);
        this.#deps.book.delete(id);
      }
      this.#deps.keep({ rules: Object.fromEntries([...gone].map(id => [id, null])) });
      return { count: gone.size };
    },
    'alerts.enable': ({ ids, enabled }) =>
      this.#change(
        this.#some(ids).filter(({ rule }) => rule.enabled !== enabled),
        rule => ({ ...rule, enabled, revision: rule.revision + 1 }),
      ),
    'alerts.rearm': ({ ids }) => {
      const some = this.#some(ids);
      const { clock, book, keep } = this.#deps;
      for (const { rule, state } of some) {
        const now = clock.now();
        Object.assign(state, { done: false, coolUntil: 0, side: firstSide(rule), armedAt: now });
        this.#begin({ rule, state, threshold: thresholdOf(rule) });
      }
      keep({ rules: statesOf(some.map(({ rule }) => book.get(rule.id) ?? [])) });
      return { count: some.length };
    },
    'alerts.snooze': ({ ids, until }) =>
      this.#change(ids === null ? this.#all() : this.#some(ids), rule => ({ ...rule, snoozedUntil: until })),
    'alerts.mute': ({ until }) => this.#set({ ...this.settings, muteUntil: until }),
    'alerts.quiet': ({ quietHours }) => this.#set({ ...this.settings, quietHours }),
    'alerts.acknowledge': ({ ids }) => {
      this.#open();
      const { clock, deliveries, book, keep } = this.#deps;
      const at = clock.now();
      const count = deliveries.acknowledge(ids, at);
      if (count > 0) {
        book.touch();
        keep({ acknowledged: { at, ids } });
      }
      return { count };
    },
    'alerts.deliveries': ({ before, limit, ruleId }) => {
      this.#open();
      return this.#deps.deliveries.list(before, limit, ruleId);
    },
    'alerts.test': ({ id }) => this.#test(id),
  };

  #save(draft: AlertDraft): AlertView {
    this.#open();
    const { book, clock } = this.#deps;
    const now = clock.now();
    const known = draft.id === null ? undefined : book.get(draft.id);
    if (draft.id !== null && known === undefined) throw noSuch(draft.id);
    if (known === undefined && book.size >= MOST_RULES) {
      throw new TenhertzError('TOO_MANY_ALERTS', `There can be ${MOST_RULES} alerts. Remove some first.`);
    }
    const before = known?.rule;
    const rule: StoredRule = {
      ...draft,
      id: before?.id ?? randomUUID(),
      snoozedUntil: before?.snoozedUntil ?? null,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
      revision: before === undefined ? 0 : before.revision + (isSameWatch(before, draft) ? 0 : 1),
    };
    this.#change([{ rule: before ?? rule }], () => rule);
    const watched = book.get(rule.id);
    if (watched === undefined) throw noSuch(rule.id);
    return viewOf(watched, now);
  }

  #test(id: string): AlertDelivery {
    const watched = this.#some([id])[0];
    if (watched === undefined) throw noSuch(id);
    const { ringer, keep } = this.#deps;
    const delivery = ringer.test(watched);
    const rung = ringer.taken();
    keep({ deliveries: rung });
    ringer.tell(rung);
    return delivery;
  }

  /** Changes rules on disk, then here. A rule that waits for something else now begins anew. */
  #change(some: readonly Pick<Watched, 'rule'>[], next: (rule: StoredRule) => StoredRule): { count: number } {
    this.#open();
    if (some.length === 0) return { count: 0 };
    const { book, clock, keep } = this.#deps;
    const changed = new Map(some.map(({ rule }) => [rule.id, next(rule)]));
    const rules = this.#rules().map(rule => changed.get(rule.id) ?? rule);
    const fresh = [...changed.values()].filter(({ id }) => book.get(id) === undefined);
    this.#write([...rules, ...fresh]);
    const now = clock.now();
    const begun = [...changed.values()].map(rule => {
      const before = book.get(rule.id);
      if (before?.state.revision === rule.revision) return this.#place({ ...before, rule });
      const state = newState(rule, now);
      if (before !== undefined) {
        const { fired, suppressed, lastFiredAt } = before.state;
        Object.assign(state, { fired, suppressed, lastFiredAt });
      }
      return this.#begin({ rule, state, threshold: thresholdOf(rule) });
    });
    keep({ rules: statesOf(begun) });
    return { count: changed.size };
  }

  /** Begins to watch, with the price as it is now: what is past its level already has to go back first. */
  #begin(watched: Watched): Watched {
    const { rule, state, threshold } = watched;
    const { condition } = rule;
    const price = condition.kind === 'price' ? this.#deps.price(condition.token) : undefined;
    if (price !== undefined && threshold !== undefined) {
      const number = numOf(price.price);
      state.side = threshold.step(state.side, level => compareNums(number, level)).side;
    }
    return this.#place(watched);
  }

  #place(watched: Watched): Watched {
    const { watch, book, clock } = this.#deps;
    const before = book.get(watched.rule.id);
    if (before !== undefined && !isSameCondition(before.rule, watched.rule)) watch.remove(watched.rule.id);
    book.set(watched, clock.now());
    watch.add(watched);
    return watched;
  }

  #set(settings: AlertSettings): AlertSettings {
    this.#open();
    this.#write(this.#rules(), settings);
    this.settings = settings;
    this.#deps.book.touch();
    return settings;
  }

  #write(rules: readonly StoredRule[], settings = this.settings): void {
    this.#open().keepRules(rules, settings);
  }

  #rules(): StoredRule[] {
    return this.#deps.book.all().map(({ rule }) => rule);
  }

  #all(): Watched[] {
    this.#open();
    return this.#deps.book.all();
  }

  #some(ids: readonly string[]): Watched[] {
    this.#open();
    return [...new Set(ids)].map(id => {
      const watched = this.#deps.book.get(id);
      if (watched === undefined) throw noSuch(id);
      return watched;
    });
  }

  #open(): Keeper {
    const keeper = this.#deps.keeper();
    if (keeper === undefined)
      throw new TenhertzError('NOT_STARTED', 'The alerts are still being read; ask again in a moment.');
    return keeper;
  }
}
