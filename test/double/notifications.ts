import type { AppLife } from './app.ts';
import { KnownEvents } from './events.ts';
import { refuseUnknown } from './lacking.ts';

/** What a notification said, for a test to look at. */
export interface NotificationView {
  title: string;
  body: string;
  silent: boolean;
}

/** What the app sees of one notification. */
export interface NotificationDouble {
  on(event: string, listener: () => void): void;
  show(): void;
}

/** What the app sees of `electron.Notification`. */
export interface NotificationClass {
  new (options: Partial<NotificationView>): NotificationDouble;
  isSupported: () => boolean;
}

/** `electron.Notification`. */
export class DoubleNotifications {
  private readonly shown: KnownEvents[] = [];
  private readonly life: AppLife;
  private readonly report: (view: NotificationView) => void;

  constructor(life: AppLife, report: (view: NotificationView) => void) {
    this.life = life;
    this.report = report;
  }

  /** A click on the newest one. */
  click(): void {
    const newest = this.shown.at(-1);
    if (newest === undefined) throw new Error('There is no notification to click.');
    newest.fire('click');
  }

  /** The class; `supported: false` is a system that shows none. */
  notificationClass(supported: boolean): NotificationClass {
    const { life, report, shown } = this;
    // A class, not a function: only a class keeps its static members on its way to the app.
    return class Notification {
      static isSupported = (): boolean => supported;
      readonly #events = new KnownEvents('electron.Notification', ['click']);
      readonly #options: Partial<NotificationView>;

      constructor(options: Partial<NotificationView>) {
        life.needReady('Cannot create Notification before app is ready');
        refuseUnknown('a notification with', options, ['title', 'body', 'silent']);
        this.#options = options;
      }

      on(event: string, listener: () => void): void {
        this.#events.on(event, listener);
      }

      show(): void {
        shown.push(this.#events);
        const { title = '', body = '', silent = false } = this.#options;
        report({ title, body, silent });
      }
    };
  }
}
