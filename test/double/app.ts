import { KnownEvents, makeEvent } from './events.ts';
import { lacking, NotInTheDouble } from './lacking.ts';
import { SingleInstance } from './single-instance.ts';

/** What the double's parts ask of each other about the app's life. */
export interface AppLife {
  readonly ready: boolean;
  /** Throws Electron's words when `what` is used too early. */
  needReady(message: string): void;
  /** All windows were closed. */
  windowsGone(): void;
}

/** `electron.app`: the part the app uses. Ready comes from {@link DoubleApp.becomeReady}, after the entry file has run. */
export class DoubleApp extends KnownEvents implements AppLife {
  ready = false;
  private leaving = false;
  private quitting = false;
  private userData: string | undefined;
  private claim: SingleInstance | undefined;
  private readonly leave: (code: number) => Promise<void>;
  private readonly whenIsReady: Promise<void>;
  private resolveReady: () => void = () => undefined;
  private closeWindows: () => Promise<void> = () => Promise.resolve();

  /** `leave` closes what the double opened and ends the process. */
  constructor(leave: (code: number) => Promise<void>) {
    super('electron.app', [
      'ready',
      'activate',
      'before-quit',
      'will-quit',
      'quit',
      'second-instance',
      'window-all-closed',
    ]);
    this.leave = leave;
    this.whenIsReady = new Promise(resolve => (this.resolveReady = resolve));
  }

  whenReady(): Promise<void> {
    return this.whenIsReady;
  }

  isReady(): boolean {
    return this.ready;
  }

  setName(name: string): void {
    if (typeof name !== 'string') throw new TypeError('app.setName needs a string');
  }

  setPath(name: string, path: string): void {
    if (name !== 'userData') throw new NotInTheDouble(`electron.app.setPath("${name}")`);
    this.userData = path;
  }

  requestSingleInstanceLock(): boolean {
    if (this.userData === undefined) throw new NotInTheDouble('the lock without app.setPath("userData")');
    this.claim ??= new SingleInstance(this.userData, argv => {
      this.fire('second-instance', makeEvent({}), argv, process.cwd(), undefined);
    });
    return this.claim.held;
  }

  /** As Electron's: asks `before-quit`, closes the windows, ends. */
  quit(): void {
    const asked = makeEvent({});
    this.fire('before-quit', asked);
    if (asked.defaultPrevented || this.leaving || this.quitting) return;
    this.quitting = true;
    void this.closeWindows().then(() => {
      this.fire('will-quit', makeEvent({}));
      this.exit(0);
    });
  }

  /** As Electron's: ends without asking; it may come back to its caller. */
  exit(code = 0): void {
    if (this.leaving) return;
    this.leaving = true;
    this.fire('quit', makeEvent({}), code);
    this.claim?.release();
    void this.leave(code);
  }

  /** For the double. */
  becomeReady(): void {
    if (this.leaving) return;
    this.ready = true;
    this.resolveReady();
    this.fire('ready', makeEvent({}), {});
  }

  onCloseWindows(close: () => Promise<void>): void {
    this.closeWindows = close;
  }

  needReady(message: string): void {
    if (!this.ready) throw new Error(message);
  }

  windowsGone(): void {
    if (this.leaving || this.quitting) return;
    // Without a listener Electron quits by itself.
    if (this.listens('window-all-closed')) this.fire('window-all-closed');
    else this.quit();
  }
}

/** The app as the program sees it: only Electron's names. */
export function appFacade(app: DoubleApp) {
  return lacking('electron.app', {
    on: (event: string, listener: () => void) => void app.on(event, listener),
    once: (event: string, listener: () => void) => void app.once(event, listener),
    whenReady: () => app.whenReady(),
    isReady: () => app.isReady(),
    setName: (name: string) => app.setName(name),
    setPath: (name: string, path: string) => app.setPath(name, path),
    requestSingleInstanceLock: () => app.requestSingleInstanceLock(),
    quit: () => app.quit(),
    exit: (code?: number) => app.exit(code),
  });
}
