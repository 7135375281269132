import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { EpochMs, Token } from '../../../shared/contract.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import { binance } from './binance.ts';
import { coinbase } from './coinbase.ts';
import { kraken } from './kraken.ts';
import { okx } from './okx.ts';
import { productToken } from './tokens.ts';
import type { Venue } from './venue.ts';

/** A frame a venue sent, exactly as it was recorded. */
export interface RecordedFrame {
  /** When it was received, epoch ms. */
  readonly at: EpochMs;
  readonly text: string;
}

/** A recorded session: one JSON object a line, `{t, dir, frame}`. */
export interface Recording {
  readonly file: string;
  readonly venue: Venue;
  /** What came from the venue, oldest first; held in memory. */
  readonly frames: readonly RecordedFrame[];
  /** Lines that were not readable and are left out. */
  readonly unreadable: number;
}

const Line = z.object({ t: z.number(), dir: z.enum(['in', 'out']), frame: z.string() });
const VENUES: readonly Venue[] = [coinbase, kraken, binance, okx];
/** A recording that shows no price within this many frames is not of a venue we know. */
const FRAMES_TO_TELL = 1_000;

/**
 * Reads a recording and finds out which venue's it is by which decoder understands it. Throws `RECORDING_NOT_READ` (no such
 * file) or `BAD_RECORDING` (not of a venue we know); both exit code 3.
 */
export function readRecording(file: string): Recording {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new TenhertzError(
      'RECORDING_NOT_READ',
      `The recording "${file}" cannot be read: ${messageOf(error)}.`,
      {
        exitCode: 3,
        facts: { file },
        cause: error,
      },
    );
  }
  const lines = content.split('\n').filter(line => line.trim() !== '');
  const read = lines.map(readLine);
  const frames = read
    .flatMap(line => (line?.dir === 'in' ? [{ at: line.t, text: line.frame }] : []))
    .sort((a, b) => a.at - b.at);
  const venue = VENUES.find(
    candidate => pricedProducts(candidate, frames.slice(0, FRAMES_TO_TELL)).length > 0,
  );
  if (venue === undefined) {
    throw new TenhertzError(
      'BAD_RECORDING',
      `"${file}" holds no price of a venue we can read (${VENUES.map(known => known.title).join(', ')}). A recording has one JSON object a line: {"t": ms, "dir": "in", "frame": "…"}.`,
      { exitCode: 3, facts: { file } },
    );
  }
  return { file, venue, frames, unreadable: read.filter(line => line === undefined).length };
}

/** The tokens (`venue:product`) a recording has prices of, in order of their first price. Throws like {@link readRecording}. */
export function tokensInRecording(file: string): Token[] {
  const { venue, frames } = readRecording(file);
  return pricedProducts(venue, frames).map(product => productToken(venue.name, product).token);
}

function readLine(line: string): z.infer<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function pricedProducts(venue: Venue, frames: readonly RecordedFrame[]): string[] {
  const session = venue.openSession();
  const products = new Set<string>();
  for (const frame of frames) {
    for (const said of session.read(frame.text)) if (said.kind === 'price') products.add(said.product);
  }
  return [...products];
}
