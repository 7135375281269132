import type { EpochMs } from '../../../shared/contract.ts';
import type { ChannelMarks } from './channel-marks.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { Loaded } from './files.ts';
import type { Changes, RuleState } from './kept-state.ts';
import { newState, thresholdOf, type Watched } from './watched.ts';
import type { Watch } from './watch.ts';

/** Goes on where the last process left off, and answers the rules with their states. */
export function restoreState(
  { rules, lines }: Loaded,
  into: { marks: ChannelMarks; watch: Watch; deliveries: DeliveryLog; now: EpochMs },
): Watched[] {
  const start = lines.findLastIndex(({ full }) => full === true);
  const states = new Map<string, RuleState>();
  const channels = new Map<string, NonNullable<Changes['channels']>[string]>();
  const held = new Map<string, NonNullable<Changes['held']>[string]>();
  for (const line of lines.slice(Math.max(0, start))) {
    for (const [id, state] of entries(line.rules)) {
      if (state === null) states.delete(id);
      else states.set(id, state);
    }
    for (const [channel, mark] of entries(line.channels)) channels.set(channel, mark);
    for (const [name, parts] of entries(line.windows)) into.watch.restoreWindow(name, parts);
    for (const [token, market] of entries(line.markets)) into.watch.restoreMarket(token, market);
    if (line.holds === false) held.clear();
    for (const [key, kept] of entries(line.held)) {
      held.delete(key);
      held.set(key, kept);
    }
    for (const delivery of line.deliveries ?? []) into.deliveries.restore(delivery);
    if (line.acknowledged !== undefined)
      into.deliveries.acknowledge(line.acknowledged.ids, line.acknowledged.at);
  }
  for (const [channel, mark] of channels) into.marks.restore(channel, mark);
  for (const [key, kept] of held) into.watch.held.restore(key, kept);
  return rules.map(rule => {
    const known = states.get(rule.id);
    const state = known?.revision === rule.revision ? known : newState(rule, into.now);
    return { rule, state, threshold: thresholdOf(rule) };
  });
}

function entries<V>(record: Record<string, V> | undefined): [string, V][] {
  return Object.entries(record ?? {});
}
