import type { TenhertzBridge } from '../../shared/contract.ts';
import type { Cancel } from '../time/clock.ts';

/** A bridge that also says when a line to the engine was (re)made, so that the screen can ask for its batches again. */
export interface Link extends TenhertzBridge {
  /** Calls `listener` after each connect; at once when there is a line already. Returns its undo. */
  onConnect(listener: () => void): Cancel;
  close(): void;
}

/** The desktop's preload is connected for as long as the page lives. */
export function preloadLink(bridge: TenhertzBridge): Link {
  return {
    invoke: (command, args) => bridge.invoke(command, args),
    on: (event, listener) => bridge.on(event, listener),
    onConnect(listener) {
      listener();
      return () => {};
    },
    close() {},
  };
}
