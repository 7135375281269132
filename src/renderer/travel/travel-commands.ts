import type { StoreApi } from 'zustand/vanilla';
import type { Command } from '../commands/command.ts';
import type { ViewState } from '../state/view-store.ts';
import type { Travel } from './travel.ts';

const MINUTE_MS = 60_000;

/** Time travel by palette and keys. Escape leads back to now, unless a dialog is open: then it closes that. */
export function travelCommands(travel: Travel, view: StoreApi<ViewState>): Command[] {
  const past = (): boolean => travel.state.getState().when === 'past';
  const step = (id: string, title: string, ms: number, keys?: string): Command => ({
    id: `time.${id}`,
    title,
    section: 'Time',
    keywords: ['travel', 'history', 'replay', 'past'],
    ...(keys === undefined ? {} : { keys }),
    run: () => travel.step(ms),
    when: () => ms < 0 || past(),
  });
  return [
    step('back-10s', 'Go 10 seconds back', -10_000, 'Alt+ArrowLeft'),
    step('on-10s', 'Go 10 seconds on', 10_000, 'Alt+ArrowRight'),
    step('back-1m', 'Go a minute back', -MINUTE_MS, 'Alt+Shift+ArrowLeft'),
    step('on-1m', 'Go a minute on', MINUTE_MS, 'Alt+Shift+ArrowRight'),
    step('back-1h', 'Go an hour back', -60 * MINUTE_MS),
    {
      id: 'time.play',
      title: 'Play the past, or pause it',
      section: 'Time',
      keywords: ['replay', 'travel'],
      run: () => {
        const { playing, speed } = travel.state.getState();
        if (playing) travel.pause();
        else travel.play(speed);
      },
      when: past,
    },
    {
      id: 'time.now',
      title: 'Back to now',
      section: 'Time',
      keywords: ['live', 'present', 'travel'],
      keys: 'Escape',
      run: () => travel.backToNow(),
      when: () => past() && view.getState().dialog === null,
    },
  ];
}
