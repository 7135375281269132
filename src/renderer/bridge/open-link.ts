import type { TenhertzBridge } from '../../shared/contract.ts';
import type { Clock } from '../time/clock.ts';
import { preloadLink, type Link } from './link.ts';
import { SocketLink } from './socket-link.ts';

declare global {
  interface Window {
    /** Put there by the desktop's preload; absent in a browser. */
    readonly tenhertz?: TenhertzBridge;
  }
}

/** The screen's one line to the engine: the desktop's preload where there is one, else a WebSocket to `/ws`. */
export function openLink(window: Window & typeof globalThis, clock: Clock): Link {
  if (window.tenhertz !== undefined) return preloadLink(window.tenhertz);
  const url = new URL('/ws', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new SocketLink({
    url: url.href,
    openSocket: address => new window.WebSocket(address),
    clock,
    random: Math.random,
  });
}
