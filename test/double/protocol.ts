import type { AppLife } from './app.ts';
import { lacking } from './lacking.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** `electron.protocol` and `electron.session`: schemes of the app's own, and the permissions of pages. */
export class DoubleSession {
  private readonly schemes = new Set<string>();
  private readonly handlers = new Map<string, Handler>();
  private registered = false;
  /** Set by the app; the double's pages never ask, a test may look. */
  permissionRequest: unknown;
  permissionCheck: unknown;
  private readonly life: AppLife;

  constructor(life: AppLife) {
    this.life = life;
  }

  /** Answers `request` with the handler of its scheme, as the page would get it; `undefined` without one. */
  async answer(request: Request): Promise<Response | undefined> {
    return this.handlers.get(new URL(request.url).protocol.slice(0, -1))?.(request);
  }

  has(scheme: string): boolean {
    return this.handlers.has(scheme);
  }

  protocol() {
    return lacking('electron.protocol', {
      registerSchemesAsPrivileged: (schemes: { scheme: string }[]): void => {
        if (this.life.ready) {
          throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
        }
        if (this.registered) throw new Error('registerSchemesAsPrivileged twice is not in the double');
        this.registered = true;
        for (const { scheme } of schemes) this.schemes.add(scheme);
      },
      handle: (scheme: string, handler: Handler): void => {
        this.life.needReady('Session can only be received when app is ready');
        if (this.handlers.has(scheme)) throw new Error(`The scheme has been registered: ${scheme}`);
        if (!this.schemes.has(scheme))
          throw new Error(`an unprivileged scheme (${scheme}) is not in the double`);
        this.handlers.set(scheme, handler);
      },
    });
  }

  session() {
    const life = this.life;
    const whole = lacking('electron.session.defaultSession', {
      setPermissionRequestHandler: (handler: unknown) => void (this.permissionRequest = handler),
      setPermissionCheckHandler: (handler: unknown) => void (this.permissionCheck = handler),
    });
    return lacking('electron.session', {
      get defaultSession() {
        life.needReady('Session can only be received when app is ready');
        return whole;
      },
    });
  }
}
