import type { StoreApi } from 'zustand/vanilla';
import type { AlertCondition } from '../../shared/alerts.ts';
import type { EpochMs } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';
import type { Command, Commands } from '../commands/command.ts';
import type { Dock } from '../desk/dock-port.ts';
import { newDraft, type Alerts } from '../state/alerts.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { Cancel } from '../time/clock.ts';
import { readDecimal } from '../format/typed-decimal.ts';
import { conditionWords, firstCondition } from './draft-form.ts';
import { tomorrowMorning } from './times.ts';

interface Deps {
  alerts: Alerts;
  dock: Dock;
  link: Pick<Link, 'invoke'>;
  screen: StoreApi<ScreenState>;
  /** Engine time. */
  now: () => EpochMs;
}

/** What the palette and the keys can do about alerts. */
export function alertCommands({ alerts, dock, link, screen, now }: Deps): Command[] {
  const mute = (id: string, title: string, until: () => EpochMs | null, when?: () => boolean): Command => ({
    id: `alerts.${id}`,
    title,
    section: 'Alerts',
    keywords: ['mute', 'silence', 'quiet', 'sound', 'do not disturb'],
    run: () => {
      const at = until();
      link
        .invoke('alerts.mute', { until: at === null ? null : Math.round(at) })
        .catch(() => dock.open('alerts'));
    },
    ...(when && { when }),
  });
  const muted = (): boolean => (alerts.store.getState().settings.muteUntil ?? 0) > now();
  return [
    {
      id: 'alerts.new',
      title: 'New alert',
      section: 'Alerts',
      keywords: ['create', 'price', 'crosses', 'notify'],
      keys: 'Alt+KeyA',
      run: () => alerts.openEditor({ condition: firstCondition('price', screen.getState().tokens[0] ?? '') }),
    },
    mute('mute-5m', 'Mute all alerts for 5 minutes', () => now() + 300_000),
    mute('mute-1h', 'Mute all alerts for 1 hour', () => now() + 3_600_000),
    mute('mute-tomorrow', 'Mute all alerts until tomorrow', () => tomorrowMorning(now())),
    mute('unmute', 'Let alerts ring again', () => null, muted),
    {
      id: 'alerts.seen',
      title: 'Put away all ringing alerts',
      section: 'Alerts',
      keywords: ['acknowledge', 'dismiss', 'toast'],
      when: () => alerts.store.getState().ringing.length > 0,
      run: () => alerts.putAllAway(),
    },
  ];
}

/** Adds them, and makes alerts of what is typed: `alert sol above 155`, `alert sol 5% 10m`. Returns the undo. */
export function addAlertCommands(commands: Commands, deps: Deps): Cancel {
  const undo = [
    commands.add(alertCommands(deps)),
    commands.suggest(query => {
      const condition = conditionIn(query, deps.screen.getState());
      if (condition === null) return [];
      return [
        {
          id: `alerts.typed ${query}`,
          title: `Alert me when ${conditionWords(condition)}`,
          section: 'Alerts',
          run: () => {
            deps.alerts.save(newDraft(condition)).catch(() => deps.alerts.openEditor({ condition }));
          },
        },
      ];
    }),
  ];
  return () => {
    for (const cancel of undo) cancel();
  };
}

const WORDS: Readonly<Record<string, 'above' | 'below' | 'cross'>> = {
  above: 'above',
  over: 'above',
  '>': 'above',
  below: 'below',
  under: 'below',
  '<': 'below',
  crosses: 'cross',
  cross: 'cross',
  at: 'cross',
};
const LENGTHS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };

/** The condition in words such as `alert sol above 155` or `alert sol 5% 10m`; `null` when there is none. */
export function conditionIn(query: string, { tokens }: Pick<ScreenState, 'tokens'>): AlertCondition | null {
  const found = /^\s*alert\s+(\S+)\s+(.+)$/i.exec(query);
  const token = tokens.find(one => one.toLowerCase() === found?.[1]?.toLowerCase());
  const rest = found?.[2]?.trim().toLowerCase();
  if (token === undefined || rest === undefined) return null;
  const move = /^([\d.,]+)\s*%(?:\s+(?:in\s+)?(\d+)\s*(s|m|min|h))?$/.exec(rest);
  if (move !== null) {
    const percent = readDecimal(move[1] ?? '');
    const windowMs = Number(move[2] ?? '5') * (LENGTHS[move[3] ?? 'm'] ?? 60_000);
    if (percent === null || percent === '0' || windowMs < 1_000 || windowMs > 86_400_000) return null;
    return { kind: 'move', token, direction: 'either', percent, windowMs };
  }
  const price = /^(?:([a-z]+|[<>])\s*)?([\d.,]+)$/.exec(rest);
  const level = readDecimal(price?.[2] ?? '');
  const direction = price?.[1] === undefined ? 'cross' : WORDS[price[1]];
  if (level === null || Number(level) <= 0 || direction === undefined) return null;
  return { kind: 'price', token, direction, level };
}
