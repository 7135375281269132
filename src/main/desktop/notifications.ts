import type { Notification, NotificationConstructorOptions } from 'electron';
import type { AlertDelivery } from '../../shared/alerts.ts';
import type { Cancel, Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { messageOf } from '../engine/errors.ts';
import type { Logger } from '../engine/logger.ts';

/** The part of Electron's notifications that is used. */
export interface NotificationClass {
  new (options: NotificationConstructorOptions): Pick<Notification, 'show'> & {
    on(event: string, listener: () => void): unknown;
  };
  isSupported(): boolean;
}

/** Within {@link WITHIN_MS} so many alerts get a notification each; the others are one together. */
const MOST = 4;
const WITHIN_MS = 5_000;
/** Shown notifications that are held, so that a click on them still does something. */
const HELD = 20;

/**
 * Shows a notification of the system for each alert that asks for one and may make noise; works without a window. Without a
 * window the system's own sound stands in for the alert's. Returns its undo.
 */
export function showNotifications(deps: {
  Notification: NotificationClass;
  engine: Pick<Engine, 'onDelivery'>;
  clock: Clock;
  log: Logger;
  /** Brings the monitor to the front; `undefined` where there is none to bring. */
  onOpen: (() => void) | undefined;
  /** Whether a window is there, which sounds by itself. */
  hasWindow: () => boolean;
}): Cancel {
  const { engine, clock, log, onOpen } = deps;
  if (!deps.Notification.isSupported()) {
    log.warn({}, 'this system shows no notifications; alerts are shown in the window and in the log');
    return () => {};
  }
  const held: InstanceType<NotificationClass>[] = [];
  let shown = 0;
  let waiting: AlertDelivery[] = [];
  let cancel: Cancel | undefined;

  const show = (title: string, body: string, silent: boolean): void => {
    try {
      const notification = new deps.Notification({ title, body, silent });
      if (onOpen !== undefined) notification.on('click', onOpen);
      notification.show();
      held.push(notification);
      if (held.length > HELD) held.shift();
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'an alert could not be shown as a notification');
    }
  };
  const endStorm = (): void => {
    cancel = undefined;
    shown = 0;
    const rest = waiting;
    waiting = [];
    const [only] = rest;
    if (only === undefined) return;
    if (rest.length === 1) show(only.name, only.text, true);
    else
      show(
        `${rest.length} more alerts`,
        rest
          .map(({ name }) => name)
          .slice(0, 5)
          .join(', '),
        true,
      );
  };

  const forget = engine.onDelivery(delivery => {
    if (!delivery.notify || delivery.suppressed !== null) return;
    cancel ??= clock.after(WITHIN_MS, endStorm);
    shown += 1;
    if (shown > MOST) waiting.push(delivery);
    else show(delivery.name, delivery.text, delivery.sound === null || deps.hasWindow());
  });
  return () => {
    forget();
    cancel?.();
  };
}
