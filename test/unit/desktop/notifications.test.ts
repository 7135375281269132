import { describe, expect, it, vi } from 'vitest';
import type { AlertDelivery } from '../../../src/shared/alerts.ts';
import { showNotifications } from '../../../src/main/desktop/notifications.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeEngine } from '../gateway/fake-engine.ts';

interface Shown {
  title?: string;
  body?: string;
  silent?: boolean;
}

function scene({ supported = true, hasWindow = false, fails = false } = {}) {
  const shown: Shown[] = [];
  const clicks: (() => void)[] = [];
  class Notification {
    static isSupported = (): boolean => supported;
    readonly #options: Shown;
    constructor(options: Shown) {
      this.#options = options;
    }
    on(_event: string, listener: () => void): void {
      clicks.push(listener);
    }
    show(): void {
      if (fails) throw new Error('no bus');
      shown.push(this.#options);
    }
  }
  const engine = new FakeEngine();
  const clock = new ManualClock();
  const onOpen = vi.fn();
  const undo = showNotifications({
    Notification,
    ...{ engine, clock, onOpen, log: silentLogger },
    hasWindow: () => hasWindow,
  });
  const ring = (more: Partial<AlertDelivery> = {}): void =>
    engine.deliver({
      name: 'Up',
      text: 'SOL rises',
      notify: true,
      suppressed: null,
      sound: 'bell',
      ...more,
    } as AlertDelivery);
  return { shown, clicks, clock, onOpen, undo, ring };
}

describe('notifications of the system', () => {
  it('are shown for an alert that asks for one, and a click opens the monitor', () => {
    const { shown, clicks, onOpen, ring } = scene();
    ring();
    expect(shown).toEqual([{ title: 'Up', body: 'SOL rises', silent: false }]);
    clicks[0]?.();
    expect(onOpen).toHaveBeenCalledOnce();
  });

  it('are silent where a window sounds or the alert has no sound', () => {
    const windowed = scene({ hasWindow: true });
    windowed.ring();
    const mute = scene();
    mute.ring({ sound: null });
    expect([...windowed.shown, ...mute.shown].map(({ silent }) => silent)).toEqual([true, true]);
  });

  it.each([{ notify: false }, { suppressed: 'mute' as const }, { suppressed: 'quiet hours' as const }])(
    'are left out for %o',
    more => {
      const { shown, ring } = scene();
      ring(more);
      expect(shown).toEqual([]);
    },
  );

  it('of a storm are four, and one for all the others', async () => {
    const { shown, clock, ring } = scene();
    for (let index = 0; index < 30; index += 1) ring({ name: `Rule ${index}` });
    expect(shown).toHaveLength(4);
    await clock.advance(5_000);
    expect(shown.at(-1)).toMatchObject({
      title: '26 more alerts',
      body: 'Rule 4, Rule 5, Rule 6, Rule 7, Rule 8',
    });
    for (let index = 0; index < 5; index += 1) ring({ name: `Later ${index}` });
    await clock.advance(5_000);
    expect(shown.at(-1)).toMatchObject({ title: 'Later 4' });
    expect(shown).toHaveLength(10);
  });

  it('that cannot be shown disturb nothing; where there are none, nothing is listened to', () => {
    const broken = scene({ fails: true });
    expect(() => broken.ring()).not.toThrow();
    const none = scene({ supported: false });
    none.ring();
    expect(none.shown).toEqual([]);
    none.undo();
  });

  it('end with the app', async () => {
    const { shown, clock, undo, ring } = scene();
    ring();
    undo();
    ring();
    expect(shown).toHaveLength(1);
    expect(clock.pending).toBe(0);
    await clock.advance(0);
  });
});
