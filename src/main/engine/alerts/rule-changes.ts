import type { AlertDraft } from '../../../shared/alerts.ts';
import { TenhertzError } from '../errors.ts';
import type { StoredRule } from './arguments.ts';
import type { Changes } from './kept-state.ts';
import type { Watched } from './watched.ts';

/** The refusal for an id that no rule has. */
export function noSuch(id: string): TenhertzError {
  return new TenhertzError('NO_SUCH_ALERT', `There is no alert "${id.slice(0, 64)}" (any more).`);
}

/** Whether a rule waits for the same thing, in the same way, after it was edited. */
export function isSameWatch(before: StoredRule, { condition, mode, enabled }: AlertDraft): boolean {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  return isSameCondition(before, { condition }) && same(before.mode, mode) && before.enabled === enabled;
}

/** Whether two rules wait for the same thing. */
export function isSameCondition(
  before: Pick<StoredRule, 'condition'>,
  after: Pick<StoredRule, 'condition'>,
): boolean {
  return JSON.stringify(before.condition) === JSON.stringify(after.condition);
}

/** The states of rules by id, as a line of the journal has them. */
export function statesOf(some: readonly (Watched | never[])[]): NonNullable<Changes['rules']> {
  return Object.fromEntries(some.flatMap(one => one).map(({ rule, state }) => [rule.id, state]));
}
