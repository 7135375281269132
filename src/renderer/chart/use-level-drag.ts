import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { DecimalString } from '../../shared/contract.ts';
import { messageOf } from '../bridge/message-of.ts';
import { stepLevel } from './alert-level.ts';

export interface LevelDragOptions {
  level: DecimalString;
  /** The level at a height of the window, in pixels; `null` where there is none. */
  levelAt: (clientY: number) => DecimalString | null;
  /** Rejects when the level could not be kept. */
  save: (level: DecimalString) => Promise<void>;
  remove: () => void;
}

export interface LevelDrag {
  /** Where the line stands now: while it is moved not yet where its rule has it. */
  level: DecimalString;
  /** `moving`: not saved yet. `saving`: on its way. */
  phase: 'still' | 'moving' | 'saving';
  /** Why the last move was not saved. */
  failed: string | null;
  handlers: {
    onPointerDown(event: PointerEvent<HTMLElement>): void;
    onPointerMove(event: PointerEvent<HTMLElement>): void;
    onPointerUp(event: PointerEvent<HTMLElement>): void;
    onPointerCancel(): void;
    onKeyDown(event: KeyboardEvent<HTMLElement>): void;
    onBlur(): void;
  };
}

/** A level on its way from where its rule has it. */
interface Move {
  from: DecimalString;
  to: DecimalString;
  phase: 'moving' | 'saving';
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * Moves a level by mouse (drag; Escape puts it back) and by keyboard (arrows, with Shift ten times and with Alt a tenth of it;
 * Enter or leaving saves, Escape puts it back, Delete removes the rule).
 */
export function useLevelDrag({ level, levelAt, save, remove }: LevelDragOptions): LevelDrag {
  const [made, setMade] = useState<Move | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [dragging, setDragging] = useState(false);
  // Once the rule has followed, it says where the line is.
  const moved = made?.from === level ? made : null;

  const putBack = (): void => {
    setMade(null);
    setDragging(false);
  };
  const commit = (): void => {
    setDragging(false);
    if (moved?.phase !== 'moving') return;
    if (moved.to === level) {
      putBack();
      return;
    }
    setMade({ ...moved, phase: 'saving' });
    save(moved.to).catch((error: unknown) => {
      putBack();
      setFailed(messageOf(error));
    });
  };
  const move = (to: DecimalString | null): void => {
    if (to === null) return;
    setFailed(null);
    setMade({ from: level, to, phase: 'moving' });
  };
  return {
    level: moved?.to ?? level,
    phase: moved?.phase ?? 'still',
    failed,
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragging(true);
      },
      onPointerMove(event) {
        if (dragging) move(levelAt(event.clientY));
      },
      onPointerUp: commit,
      onPointerCancel: putBack,
      onKeyDown(event) {
        const step = STEPS[event.key];
        if (step !== undefined) move(stepLevel(moved?.to ?? level, step * factorOf(event)));
        else if (event.key === 'Enter') commit();
        else if (event.key === 'Escape') putBack();
        else if (event.key === 'Delete') remove();
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
      onBlur: commit,
    },
  };
}

function factorOf({ shiftKey, altKey }: KeyboardEvent): number {
  if (shiftKey) return 10;
  return altKey ? 0.1 : 1;
}
