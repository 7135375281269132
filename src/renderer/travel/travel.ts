import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Batch, EpochMs } from '../../shared/contract.ts';
import { SeenIds } from '../../shared/seen-ids.ts';
import type { Link } from '../bridge/link.ts';
import { messageOf } from '../bridge/message-of.ts';
import { admit } from '../state/admit.ts';
import { applyBatch } from '../state/apply-batch.ts';
import { IDS_REMEMBERED } from '../state/feed.ts';
import { EMPTY_SCREEN, type ScreenState } from '../state/screen-state.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import { pastStatus } from './past-status.ts';
import { Player, snapshotOf } from './player.ts';

/** Where the screen is in time. */
export interface TravelState {
  /** `now`: the live screen. `past`: everything on the screen is as it was at {@link at}. */
  readonly when: 'now' | 'past';
  readonly at: EpochMs;
  /** A moment is being read, or the playback waits for what comes next. */
  readonly loading: boolean;
  readonly playing: boolean;
  /** Times the pace of the clock. */
  readonly speed: number;
  /** Something that could not be had, in plain words. */
  readonly note: string | null;
  /** The last journey failed; the screen stays where it was. */
  readonly error: string | null;
  /** What the trader just tried and would have changed the present, in plain words; gone with the next move. */
  readonly refused: string | null;
}

export const SPEEDS = [0.5, 1, 2, 5, 10, 50] as const;
/** How often the playback moves on, ms: the pace of the live feed. */
const TICK_MS = 100;
/** How much is fetched at once, in ms of the playback's own time, and when the next piece is asked for. */
const FETCH_MS = 10_000;
const AHEAD_MS = 4_000;
const AGAIN_MS = 1_000;

export interface TravelDeps {
  link: Pick<Link, 'invoke'>;
  clock: Clock;
  /** Engine time now: the end of every playback. */
  now: () => EpochMs;
}

/** The journey through time: a screen of its own, fed with the past, beside the live one, which goes on meanwhile. */
export interface Travel {
  readonly state: StoreApi<TravelState>;
  /** What was on the screen then; empty until the first journey. */
  readonly screen: StoreApi<ScreenState>;
  /** Shows the moment `at` and stays there. While one is being read only the newest wish counts. */
  goTo(at: EpochMs): void;
  /** Moves on or back by `ms`, from now on too. */
  step(ms: number): void;
  /** Plays from where it is; at `now` there is nothing to play. */
  play(speed: number): void;
  pause(): void;
  /** Back to the live screen at once. */
  backToNow(): void;
  stop(): void;
}

const NOW: TravelState = {
  when: 'now',
  at: 0,
  loading: false,
  playing: false,
  speed: 1,
  note: null,
  error: null,
  refused: null,
};

/** Makes the journey; nothing is asked before the first. */
export function createTravel({ link, clock, now }: TravelDeps): Travel {
  const state = createStore<TravelState>(() => NOW);
  const screen = createStore<ScreenState>(() => EMPTY_SCREEN);
  let seen = new SeenIds(IDS_REMEMBERED);
  let wanted: EpochMs | null = null;
  let reading = false;
  /** Rises with every journey: an answer for an older one is dropped. */
  let journey = 0;
  let player: Player | null = null;
  let cancelTick: Cancel = () => undefined;
  let fetching = false;
  let quietUntil = 0;

  const show = (batch: Batch): void => {
    if (batch.kind === 'snapshot') seen = new SeenIds(IDS_REMEMBERED);
    // The screen's clock is the batch's own: nothing ages while time stands still.
    screen.setState(applyBatch(screen.getState(), admit(batch, seen), batch.at), true);
  };

  const pause = (): void => {
    cancelTick();
    cancelTick = () => undefined;
    player = null;
    fetching = false;
    state.setState({ playing: false });
  };

  const read = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    while (wanted !== null) {
      const at = wanted;
      const mine = journey;
      wanted = null;
      state.setState({ loading: true });
      try {
        const moment = await link.invoke('moment.read', { at });
        if (mine !== journey) continue;
        show(snapshotOf(moment, pastStatus(moment)));
        state.setState({ when: 'past', at, note: moment.note, error: null });
      } catch (error) {
        if (mine === journey) state.setState({ error: messageOf(error) });
      }
    }
    reading = false;
    state.setState({ loading: false });
  };

  const fetchMore = (speed: number): void => {
    const mine = player;
    if (mine === null || fetching || clock.now() < quietUntil) return;
    const since = mine.fetchedUntil;
    const until = Math.min(now(), since + FETCH_MS * Math.max(1, speed));
    if (until <= since) return;
    fetching = true;
    link
      .invoke('moment.play', { since, until, stepMs: Math.max(1, Math.round(TICK_MS * speed)) })
      .then(piece => {
        if (player !== mine) return;
        mine.add(piece);
        state.setState({ note: piece.note, error: null });
      })
      .catch((error: unknown) => {
        if (player !== mine) return;
        quietUntil = clock.now() + AGAIN_MS;
        state.setState({ error: messageOf(error) });
      })
      .finally(() => {
        if (player === mine) fetching = false;
      });
  };

  const tick = (): void => {
    const { at, speed } = state.getState();
    if (player === null) return;
    if (player.fetchedUntil - at < AHEAD_MS * Math.max(1, speed)) fetchMore(speed);
    const next = Math.min(at + TICK_MS * speed, player.fetchedUntil);
    const batch = player.take(next);
    if (batch !== null) show(batch);
    const stands = next === at;
    if (stands && at >= now() - TICK_MS * speed) {
      backToNow();
      return;
    }
    if (state.getState().loading !== stands || !stands) state.setState({ at: next, loading: stands });
  };

  const backToNow = (): void => {
    journey += 1;
    wanted = null;
    pause();
    state.setState({ ...NOW, speed: state.getState().speed });
  };

  const goTo = (at: EpochMs): void => {
    pause();
    journey += 1;
    state.setState({ refused: null });
    wanted = Math.min(Math.round(at), now());
    void read();
  };

  return {
    state,
    screen,
    goTo,
    step(ms) {
      const { when, at } = state.getState();
      const from = wanted ?? (when === 'past' ? at : now());
      if (from + ms >= now()) backToNow();
      else goTo(from + ms);
    },
    play(speed) {
      const { when, at, playing } = state.getState();
      state.setState({ speed, refused: null });
      if (when === 'now') return;
      if (!playing) player = new Player(at);
      cancelTick();
      cancelTick = clock.every(TICK_MS, tick);
      state.setState({ playing: true });
    },
    pause,
    backToNow,
    stop() {
      journey += 1;
      wanted = null;
      pause();
    },
  };
}
