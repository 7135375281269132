import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AlertDelivery, AlertSound } from '../../shared/alerts.ts';
import { toldNumbers } from '../format/told-numbers.ts';
import { createTones } from './tones.ts';

const VOLUME = 'tenhertz.alert-volume';
/** More than this in a second is a storm: the first sound says it. */
const SOUND_EVERY_MS = 400;

/** How this screen makes itself heard. */
export interface BellState {
  /** 0 to 1. */
  readonly volume: number;
  /** `unsupported`: there are none here; `app`: the desktop app shows them by itself. */
  readonly notifications: NotificationPermission | 'unsupported' | 'app';
  /** A sound was due and the browser did not let it out, because nobody has clicked on the page yet. */
  readonly held: boolean;
}

/** Sounds and notifications of this screen. */
export interface Bell {
  readonly store: StoreApi<BellState>;
  ring(delivery: AlertDelivery): void;
  preview(sound: AlertSound): void;
  setVolume(volume: number): void;
  /** Asks the browser; only ever after a click. */
  askForNotifications(): Promise<void>;
}

/** Makes the bell of a window. The desktop app notifies from its main process, so its windows only sound. */
export function createBell(window: Window & typeof globalThis): Bell {
  const play = createTones(() => new window.AudioContext());
  const store = createStore<BellState>(() => ({
    volume: readVolume(window),
    notifications: notificationsIn(window),
    held: false,
  }));
  let soundedAt = -Infinity;
  const sound = (name: AlertSound): void => {
    const now = window.performance.now();
    if (now - soundedAt < SOUND_EVERY_MS) return;
    soundedAt = now;
    store.setState({ held: !play(name, store.getState().volume) });
  };
  return {
    store,
    ring(delivery) {
      if (delivery.suppressed !== null) return;
      if (delivery.sound !== null && store.getState().volume > 0) sound(delivery.sound);
      if (delivery.notify && store.getState().notifications === 'granted') notify(window, delivery);
    },
    preview(name) {
      soundedAt = -Infinity;
      sound(name);
    },
    setVolume(volume) {
      store.setState({ volume });
      try {
        window.localStorage.setItem(VOLUME, String(volume));
      } catch {
        // It is kept for this visit.
      }
    },
    async askForNotifications() {
      if (store.getState().notifications === 'app' || !('Notification' in window)) return;
      store.setState({ notifications: await window.Notification.requestPermission() });
    },
  };
}

function notificationsIn(window: Window & typeof globalThis): BellState['notifications'] {
  if (window.tenhertz !== undefined) return 'app';
  return 'Notification' in window ? window.Notification.permission : 'unsupported';
}

function notify(window: Window & typeof globalThis, { id, name, text }: AlertDelivery): void {
  try {
    const shown = new window.Notification(name, { body: toldNumbers(text), tag: id });
    shown.onclick = () => window.focus();
  } catch {
    // Some systems allow them to service workers only; the toast is there all the same.
  }
}

function readVolume(window: Window): number {
  try {
    const kept = Number(window.localStorage.getItem(VOLUME) ?? '0.6');
    return kept >= 0 && kept <= 1 ? kept : 0.6;
  } catch {
    return 0.6;
  }
}
