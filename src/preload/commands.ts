import type { CommandName, EventName } from '../shared/contract.ts';

/** The commands a page may send; the compiler refuses a list that differs from the contract. */
const COMMANDS: Record<CommandName, true> = {
  'app.info': true,
  'feed.follow': true,
  'feed.confirm': true,
  'chart.bars': true,
  'chart.history': true,
  'chart.trades': true,
  'sources.use': true,
  'channels.follow': true,
  'channels.unfollow': true,
  'streams.list': true,
  'streams.entries': true,
  'moment.range': true,
  'moment.density': true,
  'moment.read': true,
  'moment.play': true,
  'dead.list': true,
  'dead.requeue': true,
  'dead.drop': true,
  'tokens.check': true,
  'tokens.add': true,
  'tokens.remove': true,
  'tokens.order': true,
  'tokens.past': true,
  'desk.read': true,
  'desk.write': true,
  'settings.read': true,
  'settings.check': true,
  'settings.write': true,
  'alerts.list': true,
  'alerts.save': true,
  'alerts.remove': true,
  'alerts.enable': true,
  'alerts.rearm': true,
  'alerts.snooze': true,
  'alerts.mute': true,
  'alerts.quiet': true,
  'alerts.acknowledge': true,
  'alerts.deliveries': true,
  'alerts.test': true,
};

/** The events a page may listen to. */
const EVENTS: Record<EventName, true> = { 'feed.batch': true };

/** Whether `name` is one of the contract's commands. */
export function isCommand(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.hasOwn(COMMANDS, name);
}

/** Whether `name` is one of the contract's events. */
export function isEvent(name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(EVENTS, name);
}
