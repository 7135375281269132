import {
  useEffect,
  useReducer,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
} from 'react';
import { useStore } from 'zustand/react';
import type { Link } from '../bridge/link.ts';
import { formatClock, formatMoment, zoneName } from '../format/times.ts';
import { region } from '../format/region.ts';
import { BUCKETS, densityPath, momentAt, shareOf, SPANS, windowFor, type TimeWindow } from './density.ts';
import { SPEEDS, type Travel } from './travel.ts';
import { useDensity } from './use-density.ts';
import './time-line.css';

export interface TimeLineProps {
  travel: Travel;
  /** The live line: how much happened is asked of the present. */
  link: Pick<Link, 'invoke'>;
  /** Engine time now. */
  now: () => number;
}

/** The arrows move by these, ms; with Shift ten times as far. */
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1_000,
  ArrowDown: -1_000,
  ArrowRight: 1_000,
  ArrowUp: 1_000,
  PageDown: -60_000,
  PageUp: 60_000,
};
const STEP_MS = 10_000;

/** The time line under the desk: how much happened when, where the screen is in time, and the way back to now. */
export function TimeLine({ travel, link, now }: TimeLineProps): ReactElement {
  const { when, at, loading, playing, speed } = useStore(travel.state);
  const [span, setSpan] = useState<number>(SPANS[0].ms);
  useEverySecond(when === 'now');
  const past = when === 'past';
  const window = windowFor(span, now(), past ? at : null);
  const counts = useDensity(link, window);
  return (
    <section
      className="time-line"
      role="region"
      aria-label="Time line"
      data-when={when}
      data-loading={loading}
    >
      <button
        type="button"
        className="time-button"
        title="10 seconds back (Left)"
        onClick={() => travel.step(-STEP_MS)}
      >
        ◀ Step
      </button>
      <button
        type="button"
        className="time-button time-play"
        aria-label={playing ? 'Pause' : 'Play'}
        aria-pressed={playing}
        disabled={!past}
        title={past ? 'Play or pause (Space)' : 'Drag the line or step back to play'}
        onClick={() => (playing ? travel.pause() : travel.play(speed))}
      >
        {playing ? '❚❚' : '▶'}
      </button>
      <select
        className="time-select"
        aria-label="Speed"
        value={speed}
        onChange={event => choose(travel, Number(event.target.value))}
      >
        {SPEEDS.map(one => (
          <option key={one} value={one}>
            {one}×
          </option>
        ))}
      </select>
      <Track travel={travel} window={window} counts={counts} at={past ? at : now()} now={now} past={past} />
      <select
        className="time-select"
        aria-label="Span of the time line"
        value={span}
        onChange={event => setSpan(Number(event.target.value))}
      >
        {SPANS.map(({ ms, name }) => (
          <option key={ms} value={ms}>
            {name}
          </option>
        ))}
      </select>
      <GoTo travel={travel} at={past ? at : now()} />
      <button
        type="button"
        className="time-button time-now"
        disabled={!past}
        title="Back to the live screen (Escape)"
        onClick={() => travel.backToNow()}
      >
        Now
      </button>
    </section>
  );
}

interface TrackProps {
  travel: Travel;
  window: TimeWindow;
  counts: readonly number[];
  at: number;
  now: () => number;
  past: boolean;
}

/** The window while it is dragged; `live`: it ended at the present, so its end means now however long the drag takes. */
interface HeldWindow extends TimeWindow {
  readonly live: boolean;
}

function Track({ travel, window, counts, at, now, past }: TrackProps): ReactElement {
  const track = useRef<HTMLDivElement>(null);
  // While it is dragged the window stands still, or the line would run away under the pointer.
  const [held, hold] = useState<HeldWindow | null>(null);
  const shown = held ?? window;
  const goToPointer = (event: PointerEvent, on: HeldWindow): void => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined) return;
    const share = (event.clientX - box.left) / box.width;
    const wanted = momentAt(on, share);
    if (wanted >= now() || (on.live && share >= 1)) travel.backToNow();
    else travel.goTo(wanted);
  };
  const onKey = (event: KeyboardEvent): void => {
    const move = KEYS[event.key];
    if (move !== undefined) travel.step(move * (event.shiftKey ? 10 : 1));
    else if (event.key === 'Home') travel.goTo(shown.since);
    else if (event.key === 'End') travel.backToNow();
    else if (event.key === ' ' && past) {
      const { playing, speed } = travel.state.getState();
      if (playing) travel.pause();
      else travel.play(speed);
    } else return;
    event.preventDefault();
  };
  return (
    <div
      ref={track}
      className="time-track"
      role="slider"
      tabIndex={0}
      aria-label="Moment"
      aria-valuemin={Math.round(shown.since)}
      aria-valuemax={Math.round(now())}
      aria-valuenow={Math.round(at)}
      aria-valuetext={past ? formatMoment(at) : 'Now'}
      onKeyDown={onKey}
      onPointerDown={event => {
        if (event.button !== 0) return;
        const taken = { ...window, live: window.until >= now() };
        hold(taken);
        event.currentTarget.setPointerCapture(event.pointerId);
        goToPointer(event, taken);
      }}
      onPointerMove={event => held !== null && goToPointer(event, held)}
      onPointerUp={() => hold(null)}
      onPointerCancel={() => hold(null)}
    >
      <svg viewBox={`0 0 ${BUCKETS} 100`} preserveAspectRatio="none" aria-hidden="true">
        <path d={densityPath(counts)} />
      </svg>
      <span className="time-cursor" style={{ left: `${shareOf(shown, at) * 100}%` }} aria-hidden="true" />
    </div>
  );
}

/** The moment in words; opens a field to type another. */
function GoTo({ travel, at }: { travel: Travel; at: number }): ReactElement {
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), [open]);
  if (!open) {
    return (
      <button
        type="button"
        className="time-at"
        title={`Go to a time (${zoneName(at)})`}
        onClick={() => setOpen(true)}
      >
        {formatClock(at)}
      </button>
    );
  }
  const go = (): void => {
    const wall = Date.parse(`${field.current?.value ?? ''}Z`);
    setOpen(false);
    if (!Number.isNaN(wall)) travel.goTo(region().clock.momentOf(wall));
  };
  return (
    <form
      className="time-form"
      onSubmit={event => {
        event.preventDefault();
        go();
      }}
    >
      <input
        ref={field}
        type="datetime-local"
        step={1}
        aria-label={`Date and time (${zoneName(at)})`}
        defaultValue={new Date(region().clock.wallAt(at)).toISOString().slice(0, 19)}
        onKeyDown={event => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setOpen(false);
        }}
      />
      <button type="submit" className="time-button">
        Go
      </button>
    </form>
  );
}

function choose(travel: Travel, speed: number): void {
  if (travel.state.getState().playing) travel.play(speed);
  else travel.state.setState({ speed });
}

/** Draws anew each second while the line moves with the present. */
function useEverySecond(moving: boolean): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!moving) return undefined;
    const timer = setInterval(draw, 1_000);
    return () => clearInterval(timer);
  }, [moving]);
}
