import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is refused; the HTTP answer carries it as `{"error":{code,message}}`. */
export interface Refusal {
  status: 400 | 401 | 403 | 404 | 426;
  code: string;
  message: string;
}

/** A new secret for one run of the gateway: 32 random bytes in URL-safe base64. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Who may come in. The gateway listens on loopback only, so these are the only names it can rightly be called by. */
export class Access {
  readonly #digest: Buffer;
  readonly #hosts: ReadonlySet<string>;
  readonly #port: number;

  constructor(token: string, port: number) {
    this.#digest = digest(token);
    this.#port = port;
    // Browsers leave HTTP's own port out of Host and Origin.
    const suffix = port === 80 ? '' : `:${port}`;
    this.#hosts = new Set(['127.0.0.1', 'localhost', '[::1]'].map(name => `${name}${suffix}`));
  }

  /**
   * Cookies are shared by all ports of a host, so the port is part of the name: two gateways on one machine do not
   * throw each other's tabs out.
   */
  get cookieName(): string {
    return `tenhertz_${this.#port}`;
  }

  /**
   * A page of another site that reaches this port through a name of its own (DNS rebinding), or calls it from a
   * script, is known by its Host or Origin. `originRequired` is for WebSockets, which browsers open across sites.
   */
  refuseStranger(headers: IncomingHttpHeaders, originRequired: boolean): Refusal | undefined {
    const { host, origin } = headers;
    if (host === undefined || !this.#hosts.has(host.toLowerCase())) {
      return {
        status: 403,
        code: 'WRONG_HOST',
        message: `Open this gateway as http://127.0.0.1:${this.#port} or http://localhost:${this.#port}.`,
      };
    }
    if (origin === undefined ? originRequired : origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
      return {
        status: 403,
        code: 'WRONG_ORIGIN',
        message: `Only pages of http://${host} may ask; send that as Origin from a program.`,
      };
    }
    return undefined;
  }

  /** Whether `candidate` is the token; takes the same time whatever it is. */
  isToken(candidate: string | undefined): boolean {
    return candidate !== undefined && timingSafeEqual(digest(candidate), this.#digest);
  }

  /** The token from `Authorization: Bearer` or from the cookie. */
  refuseWithoutToken(
    headers: IncomingHttpHeaders,
    cookies: Record<string, string | undefined>,
  ): Refusal | undefined {
    const bearer = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (this.isToken(bearer) || this.isToken(cookies[this.cookieName])) return undefined;
    return {
      status: 401,
      code: 'UNAUTHORIZED',
      message:
        'Open the address with ?token=… that the program printed, or send it as "Authorization: Bearer".',
    };
  }
}

/** Equal lengths for the comparison, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
