import type { EpochMs, Token } from '../../../shared/contract.ts';

/** The market moves this often. */
export const STEP_MS = 100;

/** How one token's simulated price behaves. */
interface Profile {
  /** Price at the middle of the path, in the token's quote currency. */
  start: number;
  /** Standard deviation of the log return over one second. */
  volatility: number;
  /** Octaves of movement; the slowest has a period of `STEP_MS * 2 ** (octaves - 1)`. Fewer: the price keeps closer to `start`. */
  octaves: number;
  /** Another token whose movement this one shares, and how much of it. */
  follows?: { token: Token; share: number };
}

/** Plausible prices of late; 1.4e-4 a second is 80 % a year. */
const PROFILES: Readonly<Record<Token, Profile>> = {
  SOL: { start: 151, volatility: 1.4e-4, octaves: 21 },
  USDC: { start: 1, volatility: 1e-5, octaves: 14 },
  BONK: { start: 0.00003, volatility: 1.8e-4, octaves: 21, follows: { token: 'SOL', share: 0.7 } },
  JitoSOL: { start: 187.9, volatility: 1e-5, octaves: 14, follows: { token: 'SOL', share: 1 } },
  RAY: { start: 2.84, volatility: 1.5e-4, octaves: 21, follows: { token: 'SOL', share: 0.6 } },
};

const LEADERS = new Set(Object.values(PROFILES).flatMap(({ follows }) => follows?.token ?? []));

/** Octaves up to this period (about 3 min) breathe with the volatility of the hour; slower ones do not. */
const BREATHING_OCTAVES = 11;
/** Periods of the volatility's own movement, as octaves: about 3.5 and 27 min. */
const VOLATILITY_OCTAVES = [11, 14] as const;

/** A price path: a pure function of the seed, the token and the time, so the past and the live price are one line. */
export interface PricePath {
  /** Digits after the point that prices are given with: about seven significant ones. */
  readonly decimals: number;
  /** The price at `at`; it changes every {@link STEP_MS}. */
  at(at: EpochMs): number;
}

/**
 * Makes the paths of one market. A path's logarithm is a sum of octaves of value noise, each twice as slow and √2 times as
 * large as the one before: over any span up to the slowest octave it moves like a random walk, and over longer ones it
 * returns to the start. The fast octaves are scaled by a slow noise of their own, so calm and wild minutes come in
 * clusters. Tokens that follow another share its movement.
 */
export function createPaths(seed: number): (token: Token) => PricePath {
  const leaders = new Map<Token, Movement>();
  const leaderOf = (token: Token, profile: Profile): Movement => {
    const known = leaders.get(token);
    if (known !== undefined) return known;
    const made = remembered(movement(token, seed, profile));
    leaders.set(token, made);
    return made;
  };
  return token => {
    const profile = PROFILES[token] ?? unknownProfile(token, seed);
    const { follows, start } = profile;
    const led = follows === undefined ? undefined : PROFILES[follows.token];
    const own = LEADERS.has(token) ? leaderOf(token, profile) : movement(token, seed, profile);
    const shared = follows === undefined || led === undefined ? undefined : leaderOf(follows.token, led);
    const share = follows?.share ?? 0;
    return {
      decimals: Math.max(0, 6 - Math.floor(Math.log10(start))),
      at(at) {
        const step = Math.floor(at / STEP_MS);
        return start * Math.exp(own(step) + (shared === undefined ? 0 : share * shared(step)));
      },
    };
  };
}

/** A token nobody knows starts anywhere between a cent and a thousand, always the same place for the same seed. */
function unknownProfile(token: Token, seed: number): Profile {
  const place = (noise(textSeed(token, seed), 99, 0) + 1) / 2;
  return { start: Number((10 ** (-2 + 5 * place)).toPrecision(3)), volatility: 1.6e-4, octaves: 21 };
}

/** The log return from the start, by step. */
type Movement = (step: number) => number;

/** Several tokens ask for the same steps of the one they follow, a chart's worth at a time. */
function remembered(move: Movement): Movement {
  const known = new Map<number, number>();
  return step => {
    const value = known.get(step) ?? move(step);
    if (known.size > 10_000) known.clear();
    known.set(step, value);
    return value;
  };
}

function movement(token: Token, seed: number, { volatility, octaves }: Profile): Movement {
  const own = textSeed(token, seed);
  const waves = Array.from({ length: octaves }, (_, octave) => wave(own, octave));
  const moods = VOLATILITY_OCTAVES.map(octave => wave(own ^ 0x5bd1e995, octave));
  // Octaves above and below each double what one contributes to the variance over its own period; hence the √2.
  const amplitudes = waves.map(
    (_, octave) => (volatility / Math.SQRT2) * Math.sqrt((STEP_MS / 1000) * 2 ** octave),
  );
  return step => {
    let fast = 0;
    let slow = 0;
    for (let octave = 0; octave < octaves; octave += 1) {
      const value = (waves[octave]?.(step) ?? 0) * (amplitudes[octave] ?? 0);
      if (octave < BREATHING_OCTAVES) fast += value;
      else slow += value;
    }
    let mood = 0;
    for (const of of moods) mood += of(step);
    return slow + fast * Math.exp(0.7 * mood);
  };
}

/** Smooth noise with one knot every `2 ** octave` steps; remembers the last pair of knots, since time mostly moves on. */
function wave(seed: number, octave: number): Movement {
  const period = 2 ** octave;
  let knot = Number.NaN;
  let left = 0;
  let right = 0;
  return step => {
    const index = Math.floor(step / period);
    if (index !== knot) {
      left = index === knot + 1 ? right : noise(seed, octave, index);
      right = noise(seed, octave, index + 1);
      knot = index;
    }
    const part = step / period - index;
    return left + (right - left) * part * part * (3 - 2 * part);
  };
}

/** An even number between -1 and 1 from whole numbers: the final mix of MurmurHash3, which spreads neighbours well. */
function noise(seed: number, octave: number, index: number): number {
  let hash = seed ^ Math.imul(octave + 1, 0x9e3779b1);
  hash = mix(hash ^ (index | 0));
  hash = mix(hash ^ Math.floor(index / 0x1_0000_0000));
  return (hash >>> 0) / 0x8000_0000 - 1;
}

function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function textSeed(text: string, seed: number): number {
  let hash = mix(seed | 0);
  for (const character of text) hash = mix(hash ^ (character.codePointAt(0) ?? 0));
  return hash;
}
