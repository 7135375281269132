import { ALERT_SOUNDS, type AlertSound } from '../../shared/alerts.ts';

/** One tone: its pitch (and the pitch it slides to), when it begins and how long it lasts, in seconds. */
interface Tone {
  hz: number;
  to?: number;
  at: number;
  for: number;
  shape?: OscillatorType;
}

/** What each sound is made of; nothing is loaded for it. */
const TONES: Readonly<Record<AlertSound, readonly Tone[]>> = {
  chime: [
    { hz: 880, at: 0, for: 0.5 },
    { hz: 1_318.5, at: 0.12, for: 0.6 },
  ],
  bell: [
    { hz: 1_046.5, at: 0, for: 1.1 },
    { hz: 2_637, at: 0, for: 0.4 },
  ],
  ping: [{ hz: 1_567, at: 0, for: 0.16 }],
  rise: [{ hz: 440, to: 1_320, at: 0, for: 0.45, shape: 'triangle' }],
  fall: [{ hz: 1_175, to: 392, at: 0, for: 0.45, shape: 'triangle' }],
  alarm: [0, 0.22, 0.44, 0.66].map((at, index) => ({
    hz: index % 2 === 0 ? 988 : 740,
    at,
    for: 0.2,
    shape: 'square' as const,
  })),
};

/** How each sound is called on the screen. */
export const SOUND_NAMES: Readonly<Record<AlertSound, string>> = {
  chime: 'Chime',
  bell: 'Bell',
  ping: 'Ping',
  rise: 'Rising',
  fall: 'Falling',
  alarm: 'Alarm',
};

/** The sounds in the order in which they are offered. */
export const SOUNDS = ALERT_SOUNDS;

/** Plays sounds; `volume` is 0 to 1. False when the browser does not let a page that was never clicked make any. */
export type Play = (sound: AlertSound, volume: number) => boolean;

/** Makes a player. The audio is opened with the first sound, because a page may not before it was clicked. */
export function createTones(open: () => AudioContext): Play {
  let context: AudioContext | undefined;
  return (sound, volume) => {
    try {
      context ??= open();
      if (context.state === 'suspended') {
        context.resume().catch(() => {});
        // Not heard now, and not later either: a sound that comes late says something wrong.
        if (!navigator.userActivation.hasBeenActive) return false;
      }
      for (const tone of TONES[sound]) play(context, tone, volume);
      return true;
    } catch {
      return false;
    }
  };
}

function play(context: AudioContext, tone: Tone, volume: number): void {
  const start = context.currentTime + tone.at;
  const end = start + tone.for;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = tone.shape ?? 'sine';
  oscillator.frequency.setValueAtTime(tone.hz, start);
  if (tone.to !== undefined) oscillator.frequency.exponentialRampToValueAtTime(tone.to, end);
  // Never from or to silence at once: that clicks.
  gain.gain.setValueAtTime(0.0001, start);
  gain.gain.exponentialRampToValueAtTime(Math.max(0.0002, volume * 0.4), start + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(end);
}
