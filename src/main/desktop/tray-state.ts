import type { StatusView } from '../../shared/contract.ts';

/** The worst of what is going on: everything works, something is waited for, something is broken. */
export type TrayLevel = 'ok' | 'waiting' | 'down';

/** What the tray shows. */
export interface TrayState {
  level: TrayLevel;
  /** One line, the menu's first and the tooltip. */
  line: string;
}

/** The worst state wins, and simulated or recorded prices are always called so. */
export function trayState(status: StatusView): TrayState {
  const state = worst(status);
  const label = status.mode === 'live' ? '' : `${status.mode.toUpperCase()}: `;
  return { ...state, line: `${label}${state.line}` };
}

function worst({ redis, updater, subscription, sources }: StatusView): TrayState {
  if (redis.state === 'down') return { level: 'down', line: redis.message ?? 'Redis is down' };
  if (redis.state === 'connecting') return { level: 'waiting', line: 'connecting to Redis' };
  const vouching = sources.filter(source => source.vouching > 0);
  if (vouching.length === 0) return { level: 'down', line: 'no source answers' };
  if (updater.state === 'stopped')
    return { level: 'down', line: updater.message ?? 'the updater is stopped' };
  if (subscription.state !== 'following') return { level: 'waiting', line: 'catching up' };
  const broken = sources.filter(source => source.state === 'down' || source.state === 'refused');
  const names = vouching.map(source => source.name).join(', ');
  if (broken.length === 0) return { level: 'ok', line: `prices from ${names}` };
  return {
    level: 'waiting',
    line: `prices from ${names}; not ${broken.map(source => source.name).join(', ')}`,
  };
}
