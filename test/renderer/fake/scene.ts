import type { AlertDelivery } from '../../../src/shared/contract.ts';

/** What the invented engine plays. */
export interface Scene {
  kind:
    | 'live'
    | 'simulated'
    | 'recorded'
    | 'empty'
    | 'loading'
    /** One snapshot and no more, while the time stands still: the same picture every time. */
    | 'still'
    /** As `live`, but nothing comes before `fakeEngine.begin()`. */
    | 'late'
    | 'stale'
    | 'redis-gone'
    | 'no-sources'
    | 'engine-gone'
    /** Five hundred symbols whose prices all change with every batch. */
    | 'many'
    /** Nobody tells positions: they are kept from the trades. */
    | 'kept'
    /** 50,000 trades as fast as the screen confirms them. */
    | 'spike'
    /** Bars from before the window opened cannot be had at first. */
    | 'history-gone'
    /** The screen is given a fresh snapshot because it did not answer. */
    | 'missed';
  /** After how many batches the trouble of the scene begins. */
  troubleAfter: number;
  /** Documents of the desk as they were kept; without them the welcome is put away and all else is new. */
  documents?: Record<string, unknown>;
}

/** Calls of the page that a test may look at. */
export interface FakeEngineLog {
  confirmed: number[];
  used: string[];
  sent: number;
  /** How many trades the page was given, and when the last of a spike was. */
  trades: number;
  /** Before which moments bars were asked for; `Infinity` for the newest. */
  history: number[];
  spikeDoneAt: number | null;
  /** What the page asked for, in order; the confirmations of batches are above. */
  calls: { command: string; args: Record<string, unknown> }[];
  /** Commands that are refused, each with the engine's words; a test changes it as it goes. */
  refusals: Record<string, string>;
  /** Fires an alert with the next batch; what is left out is as of a loud price alert of this moment. */
  fire: (delivery: Partial<AlertDelivery>) => void;
  /** Says of all alerts what is wrong with keeping them; `null`: nothing is. */
  alertTrouble: (problem: string | null) => void;
  /** Lets a scene that is `late` begin. */
  begin: () => void;
}

declare global {
  interface Window {
    /** Set by the test before the invented engine starts. */
    scene: Scene;
    /** Set by the invented engine for the test. */
    fakeEngine: FakeEngineLog;
  }
}
