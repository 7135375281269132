import { signedDecimal } from './prices.ts';

/** Plain numbers that stand by themselves: no part of a name, a time, an id or an address. */
const NUMBERS = /(?<![\w.,:/#-])-?\d+(?:\.\d+)?(?![\w/-]|[.,:]\d)/g;

/** A sentence the engine wrote, with its numbers written as the others on the screen. */
export function toldNumbers(sentence: string): string {
  return sentence.replace(NUMBERS, number => signedDecimal(number));
}
