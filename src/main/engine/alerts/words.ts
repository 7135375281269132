import { describeCondition } from '../../../shared/alert-words.ts';
import type { AlertCondition, AlertDelivery } from '../../../shared/alerts.ts';
import type { StoredRule } from './arguments.ts';

/** A rule's name: its own, else what it waits for. */
export function nameOf(rule: Pick<StoredRule, 'name' | 'condition'>): string {
  const own = rule.name.trim();
  if (own !== '') return own;
  const words = describeCondition(rule.condition);
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** One sentence about what happened. */
export function deliveryText(
  { condition }: Pick<StoredRule, 'condition'>,
  value: string,
  { whileAway, test }: Pick<AlertDelivery, 'whileAway' | 'test'>,
): string {
  const what = describeCondition(condition);
  const begun = `${what.slice(0, 1).toUpperCase()}${what.slice(1)}`;
  if (test) return `Test: ${begun}.`;
  return `${begun}: ${value}${whileAway ? ', while Tenhertz was not running' : ''}.`;
}

/** The token a rule is about; `null` when it is about any, or about none. */
export function tokenOf(condition: AlertCondition): string | null {
  return 'token' in condition ? condition.token : null;
}
