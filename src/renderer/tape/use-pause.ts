import { useState, type FocusEvent } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { ScreenState } from '../state/screen-state.ts';

type Held = Pick<ScreenState, 'trades' | 'generation'>;

/** Why the tape stands still. */
interface Reasons {
  pointer: boolean;
  focus: boolean;
  button: boolean;
}

/** What {@link usePause} hands out. */
export interface Pause {
  /** The tape as it was when it was paused; `null` while it runs. */
  held: Held | null;
  /** Whether the Pause button is what holds it. */
  pressed: boolean;
  /** The Pause button was pressed. */
  toggle: () => void;
  /** Let go of everything that holds it. */
  resume: () => void;
  /** Listeners for the part of the tape that pauses while it is pointed at or has the keyboard's focus. */
  listeners: {
    onPointerEnter: () => void;
    onPointerLeave: () => void;
    onFocus: (event: FocusEvent) => void;
    onBlur: () => void;
  };
}

const RUNNING: Reasons = { pointer: false, focus: false, button: false };

/** Holds the tape while the pointer is over it, the keyboard is in it, or the Pause button is pressed. */
export function usePause(screen: StoreApi<ScreenState>): Pause {
  const [reasons, setReasons] = useState(RUNNING);
  const [held, setHeld] = useState<Held | null>(null);
  const hold = (change: Partial<Reasons>): void => {
    const next = { ...reasons, ...change };
    setReasons(next);
    if (!next.pointer && !next.focus && !next.button) setHeld(null);
    else if (held === null) {
      const { trades, generation } = screen.getState();
      setHeld({ trades, generation });
    }
  };
  return {
    held,
    pressed: reasons.button,
    toggle: () => hold({ button: !reasons.button }),
    resume: () => hold(RUNNING),
    listeners: {
      onPointerEnter: () => hold({ pointer: true }),
      onPointerLeave: () => hold({ pointer: false }),
      // A click leaves focus behind as well; only the keyboard's focus shows, and only that holds the tape.
      onFocus: event => {
        if (event.target.matches(':focus-visible')) hold({ focus: true });
      },
      onBlur: () => hold({ focus: false }),
    },
  };
}
