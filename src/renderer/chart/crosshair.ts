import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EpochMs, Token } from '../../shared/contract.ts';

/** Where a pointer is on one of the charts. */
export interface Pointed {
  /** The pane it is over. */
  pane: string;
  token: Token;
  /** Start of the bar, and when it ends. */
  time: EpochMs;
  until: EpochMs;
  /** Its height on the price scale; means something only on a chart of the same token. */
  level: number | null;
}

/**
 * The one crosshair all charts share: the chart under the pointer writes, the others follow, and a chart never hears of what
 * it wrote itself, so nothing runs in circles.
 */
export class Crosshair {
  readonly store: StoreApi<{ pointed: Pointed | null }> = createStore(() => ({ pointed: null }));

  /** The pointer of `pane` is at `pointed`, or has left. A pane cannot take away another's. */
  move(pane: string, pointed: Omit<Pointed, 'pane'> | null): void {
    if (pointed === null) {
      if (this.store.getState().pointed?.pane === pane) this.store.setState({ pointed: null });
    } else {
      this.store.setState({ pointed: { pane, ...pointed } });
    }
  }

  /** Tells `pane` where the pointer is while it is over another chart. Returns its undo. */
  follow(pane: string, listener: (pointed: Pointed | null) => void): () => void {
    let following = false;
    return this.store.subscribe(({ pointed }) => {
      if (pointed?.pane === pane) {
        following = false;
      } else if (pointed !== null || following) {
        following = pointed !== null;
        listener(pointed);
      }
    });
  }
}
