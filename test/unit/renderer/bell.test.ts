import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBell, type Bell } from '../../../src/renderer/alerts/bell.ts';
import type { AlertDelivery } from '../../../src/shared/alerts.ts';

/** A window that counts what it lets out: sounds by the pitch of their first tone, notifications by their title. */
class FakeWindow {
  readonly pitches: number[] = [];
  readonly notified: string[] = [];
  readonly kept = new Map<string, string>();
  now = 0;
  state = 'running';
  focused = 0;
  /** Gives the page a notification's click. */
  click: () => void = () => {};

  /** As the page's own window; `Notification` only where there is a permission. */
  as(permission?: NotificationPermission, refusesNew = false): Window & typeof globalThis {
    const tell = (title: string): void => {
      if (refusesNew) throw new TypeError('Illegal constructor. Use a service worker.');
      this.notified.push(title);
    };
    const setClick = (listener: () => void): void => {
      this.click = listener;
    };
    class FakeNotification {
      static permission = permission;
      static requestPermission = (): Promise<string> => Promise.resolve('granted');
      constructor(title: string) {
        tell(title);
      }
      set onclick(listener: () => void) {
        setClick(listener);
      }
    }
    return {
      performance: { now: () => this.now },
      localStorage: {
        getItem: (name: string) => this.kept.get(name) ?? null,
        setItem: (name: string, value: string) => this.kept.set(name, value),
      },
      focus: () => (this.focused += 1),
      AudioContext: this.#audio(),
      ...(permission === undefined ? {} : { Notification: FakeNotification }),
    } as unknown as Window & typeof globalThis;
  }

  #audio(): unknown {
    const { pitches } = this;
    const state = (): string => this.state;
    const node = (first: (hz: number) => void): object => ({
      frequency: { setValueAtTime: first, exponentialRampToValueAtTime: () => {} },
      gain: { setValueAtTime: () => {}, exponentialRampToValueAtTime: () => {} },
      connect: (next: object) => next,
      start: () => {},
      stop: () => {},
    });
    return class {
      currentTime = 0;
      destination = {};
      get state(): string {
        return state();
      }
      resume = (): Promise<void> => Promise.reject(new Error('not now'));
      createOscillator = (): object => node(hz => pitches.push(hz));
      createGain = (): object => node(() => {});
    };
  }
}

const rang = (over: Partial<AlertDelivery> = {}): AlertDelivery =>
  ({
    id: 'd1',
    name: 'Up',
    text: 'SOL rises',
    suppressed: null,
    sound: 'ping',
    notify: true,
    ...over,
  }) as AlertDelivery;
const PING = 1_567;

afterEach(() => vi.unstubAllGlobals());

/** Whether somebody clicked on the page. */
const touched = (hasBeenActive: boolean): void => {
  vi.stubGlobal('navigator', { userActivation: { hasBeenActive } });
};

describe('the bell', () => {
  it('sounds and notifies, and a click on the notification shows the window', () => {
    const window = new FakeWindow();
    const bell = createBell(window.as('granted'));
    bell.ring(rang());
    expect(window.pitches).toEqual([PING]);
    expect(window.notified).toEqual(['Up']);
    window.click();
    expect(window.focused).toBe(1);
  });

  it('stays silent for what is written down only, without a sound, at volume zero, and without notifications', () => {
    const window = new FakeWindow();
    const bell = createBell(window.as('granted'));
    bell.ring(rang({ suppressed: 'mute' }));
    bell.ring(rang({ sound: null, notify: false }));
    bell.setVolume(0);
    bell.ring(rang({ notify: false }));
    expect(window.pitches).toEqual([]);
    expect(window.notified).toEqual([]);
  });

  it('makes one sound of a storm, and every sound that is asked for by hand', () => {
    const window = new FakeWindow();
    const bell = createBell(window.as());
    for (const at of [0, 100, 399, 400]) {
      window.now = at;
      bell.ring(rang());
    }
    expect(window.pitches).toEqual([PING, PING]);
    bell.preview('ping');
    bell.preview('ping');
    expect(window.pitches).toHaveLength(4);
  });

  it('plays every sound there is, those that slide too', () => {
    const window = new FakeWindow();
    const bell = createBell(window.as());
    for (const sound of ['chime', 'bell', 'ping', 'rise', 'fall', 'alarm'] as const) bell.preview(sound);
    expect(window.pitches).toEqual([880, 1_318.5, 1_046.5, 2_637, PING, 440, 1_175, 988, 740, 988, 740]);
  });

  it('says that a sound was held back by a page nobody clicked on, and plays none of it later', () => {
    const window = new FakeWindow();
    window.state = 'suspended';
    const bell = createBell(window.as());
    touched(false);
    bell.ring(rang());
    expect(bell.store.getState().held).toBe(true);
    expect(window.pitches).toEqual([]);
    touched(true);
    bell.preview('ping');
    expect(bell.store.getState().held).toBe(false);
    expect(window.pitches).toEqual([PING]);
  });

  it('says so too where there is no audio at all', () => {
    const window = Object.assign(new FakeWindow().as(), { AudioContext: undefined });
    const bell = createBell(window);
    bell.ring(rang());
    expect(bell.store.getState().held).toBe(true);
  });

  it('asks the browser once it may, and never where the app notifies or there are none', async () => {
    const asked = async (bell: Bell): Promise<string> => {
      await bell.askForNotifications();
      return bell.store.getState().notifications;
    };
    expect(await asked(createBell(new FakeWindow().as('default')))).toBe('granted');
    expect(await asked(createBell(new FakeWindow().as()))).toBe('unsupported');
    const app = Object.assign(new FakeWindow().as('default'), { tenhertz: {} });
    expect(await asked(createBell(app))).toBe('app');
  });

  it('goes on where only a service worker may notify', () => {
    const window = new FakeWindow();
    const bell = createBell(window.as('granted', true));
    bell.ring(rang());
    expect(window.pitches).toEqual([PING]);
  });

  it.each([
    ['0.25', 0.25],
    ['7', 0.6],
    ['loud', 0.6],
    [null, 0.6],
  ])('begins with the volume that was kept: %s is %s', (kept, volume) => {
    const window = new FakeWindow();
    if (kept !== null) window.kept.set('tenhertz.alert-volume', kept);
    expect(createBell(window.as()).store.getState().volume).toBe(volume);
  });

  it('keeps the volume for the visit where nothing can be stored', () => {
    const window = Object.assign(new FakeWindow().as(), {
      localStorage: {
        getItem: () => {
          throw new Error('no');
        },
        setItem: () => {
          throw new Error('no');
        },
      },
    });
    const bell = createBell(window);
    expect(bell.store.getState().volume).toBe(0.6);
    bell.setVolume(0.1);
    expect(bell.store.getState().volume).toBe(0.1);
  });
});
