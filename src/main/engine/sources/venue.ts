import type { Decimal } from 'decimal.js';
import type { EpochMs } from '../../../shared/contract.ts';
import type { Refusal } from './read-price.ts';
import type { ProductVenue } from './tokens.ts';

/** One thing a venue's frame says. */
export type Said =
  | { kind: 'price'; product: string; price: Decimal; sourceTime: EpochMs | null }
  /** The prices of these products stand unchanged. */
  | { kind: 'confirmed'; products: readonly string[] }
  /** Not believed: counted and logged, never thrown. */
  | { kind: 'refused'; reason: Refusal; detail: string }
  /** The venue does not know the product; asking again is pointless. */
  | { kind: 'no-such-product'; product: string }
  /** The venue itself says that its prices do not stand now (maintenance). */
  | { kind: 'closed'; message: string }
  /** An error of the venue that concerns no single product. */
  | { kind: 'trouble'; message: string };

/** One connection's conversation with a venue; remembers what frames build on (partial updates, sequence numbers). */
export interface VenueSession {
  /** The frames that ask for these products. */
  subscribe(products: readonly string[]): string[];
  /** The frames that let these products go. */
  unsubscribe(products: readonly string[]): string[];
  /** What a frame says; an empty list for a frame that is right but says nothing about prices. Never throws. */
  read(text: string): Said[];
}

/** A venue's protocol, without its connection: the same decoder serves the live socket and a recording of it. */
export interface Venue {
  readonly name: ProductVenue;
  /** As it is written in messages. */
  readonly title: string;
  /** One unknown product makes the venue drop the whole subscription: the rest has to be asked for again. */
  readonly badProductSpoilsAll: boolean;
  openSession(): VenueSession;
}

/** A little of a frame, for a log line. */
export function excerpt(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}… (${text.length} characters)` : text;
}
