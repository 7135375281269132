/** What the invented engine plays. */
export interface Scene {
  kind:
    | 'live'
    | 'simulated'
    | 'recorded'
    | 'empty'
    | 'loading'
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
}

declare global {
  interface Window {
    /** Set by the test before the invented engine starts. */
    scene: Scene;
    /** Set by the invented engine for the test. */
    fakeEngine: FakeEngineLog;
  }
}
