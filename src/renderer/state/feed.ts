import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Batch } from '../../shared/contract.ts';
import { SeenIds } from '../../shared/seen-ids.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import { admit } from './admit.ts';
import { applyBatch } from './apply-batch.ts';
import { PaintMeter } from './paint-meter.ts';
import { EMPTY_SCREEN, type ScreenState } from './screen-state.ts';

/** How many event ids are remembered: a spike of one second at 50,000, or eight minutes at a hundred events a second. */
export const IDS_REMEMBERED = 50_000;

/** A frame that does not come within this time (covered window, busy compositor) is not waited for. */
export const FRAME_PATIENCE_MS = 250;

export interface FeedDeps {
  clock: Clock;
  /** Calls back before the next paint; returns its undo. */
  requestFrame: (run: () => void) => Cancel;
  /** A hidden page gets no frames, so its batches are taken at once. */
  isHidden: () => boolean;
  /** Tells the engine that batch `seq` is on screen. */
  confirm: (seq: number) => void;
}

/**
 * From batches to the store, each confirmed once painted. A batch that comes when nothing waits to be painted changes the store
 * at once, ahead of the frame, so that one frame draws it whole, the charts too, which draw in the frame after their change. All
 * that come before that frame change the store together, in it.
 */
export interface Feed {
  readonly store: StoreApi<ScreenState>;
  readonly meter: PaintMeter;
  receive(batch: Batch): void;
  stop(): void;
}

export function createFeed({ clock, requestFrame, isHidden, confirm }: FeedDeps): Feed {
  const store = createStore<ScreenState>(() => EMPTY_SCREEN);
  const meter = new PaintMeter();
  let seen = new SeenIds(IDS_REMEMBERED);
  let next: ScreenState | null = null;
  let unpainted: number[] = [];
  let cancelFrame: Cancel = () => {};

  const show = (): void => {
    if (next === null) return;
    const state = next;
    next = null;
    store.setState(state, true);
  };

  const paint = (): void => {
    cancelFrame();
    cancelFrame = () => {};
    show();
    const seqs = unpainted;
    unpainted = [];
    const now = clock.now();
    for (const seq of seqs) {
      meter.painted(now);
      confirm(seq);
    }
  };

  const schedule = (): void => {
    if (isHidden()) {
      paint();
      return;
    }
    show();
    const cancelRequest = requestFrame(paint);
    const cancelTimer = clock.after(FRAME_PATIENCE_MS, paint);
    cancelFrame = () => {
      cancelRequest();
      cancelTimer();
    };
  };

  return {
    store,
    meter,
    receive(batch) {
      const waiting = unpainted.length > 0;
      if (batch.kind === 'snapshot') seen = new SeenIds(IDS_REMEMBERED);
      next = applyBatch(next ?? store.getState(), admit(batch, seen), clock.now());
      unpainted.push(batch.seq);
      if (!waiting) schedule();
    },
    stop() {
      cancelFrame();
      next = null;
      unpainted = [];
    },
  };
}
