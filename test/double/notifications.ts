import { KnownEvents } from './events.ts';
import type { AppLife } from './app.ts';
import { lacking, refuseUnknown } from './lacking.ts';

/** What a notification said, for a test to look at. */
export interface NotificationView {
  title: string;
  body: string;
  silent: boolean;
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
  notificationClass(supported: boolean) {
    const { life, report, shown } = this;
    function Notification(options: { title?: string; body?: string; silent?: boolean }) {
      life.needReady('Cannot create Notification before app is ready');
      refuseUnknown('a notification with', options, ['title', 'body', 'silent']);
      const events = new KnownEvents('electron.Notification', ['click']);
      return lacking('electron.Notification', {
        on: (event: string, listener: () => void) => void events.on(event, listener),
        show(): void {
          shown.push(events);
          report({ title: options.title ?? '', body: options.body ?? '', silent: options.silent ?? false });
        },
      });
    }
    return lacking('electron.Notification', Object.assign(Notification, { isSupported: () => supported }));
  }
}
