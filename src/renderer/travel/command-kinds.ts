import type { CommandName } from '../../shared/contract.ts';

/**
 * What a command means while the screen shows the past. `asks`: it changes nothing. `keeps`: it may change what it changes from
 * there too, for it is the screen's own (layouts, keys, looks, what rang and was seen). `then`: it would change the present, so it is
 * refused; the words go on after "Press Escape to return to now, then".
 */
export type CommandKind = 'asks' | 'keeps' | { readonly then: string };

/** Every command there is. A new one has to be put here before anything compiles. */
export const COMMAND_KINDS: Readonly<Record<CommandName, CommandKind>> = {
  'app.info': 'asks',
  // The live screen goes on behind the past one.
  'feed.follow': 'keeps',
  'feed.confirm': 'keeps',
  'chart.bars': 'asks',
  'chart.history': 'asks',
  'chart.trades': 'asks',
  'sources.use': { then: 'choose where prices come from' },
  'channels.follow': { then: 'follow the channel' },
  'channels.unfollow': { then: 'let the channel go' },
  'streams.list': 'asks',
  'streams.entries': 'asks',
  'moment.range': 'asks',
  'moment.density': 'asks',
  'moment.read': 'asks',
  'moment.play': 'asks',
  'dead.list': 'asks',
  'dead.requeue': { then: 'requeue the dead letters' },
  'dead.drop': { then: 'drop the dead letters' },
  'tokens.check': 'asks',
  'tokens.add': { then: 'add the token' },
  'tokens.remove': { then: 'remove the token' },
  'tokens.order': { then: 'reorder the watchlist' },
  'tokens.past': 'asks',
  'desk.read': 'asks',
  'desk.write': 'keeps',
  'settings.read': 'asks',
  'settings.check': 'asks',
  'settings.write': { then: 'save the settings' },
  'alerts.list': 'asks',
  'alerts.save': { then: 'save the alert' },
  'alerts.remove': { then: 'delete the alert' },
  'alerts.enable': { then: 'switch the alert on or off' },
  'alerts.rearm': { then: 'arm the alert again' },
  'alerts.snooze': { then: 'snooze the alert' },
  'alerts.mute': { then: 'mute the alerts' },
  'alerts.quiet': { then: 'change the quiet hours' },
  // Alerts of now go on ringing, and what rang can be put away wherever the screen is.
  'alerts.acknowledge': 'keeps',
  'alerts.deliveries': 'asks',
  'alerts.test': { then: 'try the alert' },
};
