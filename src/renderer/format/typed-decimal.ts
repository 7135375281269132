import { Decimal } from 'decimal.js';
import type { DecimalString } from '../../shared/contract.ts';
import { region } from './region.ts';

/** What a typed number can be at most; longer ones are slips of the hand. */
const PLAIN = /^-?\d{1,30}(?:\.\d{1,30})?$/;

/** Groups as people type them: of three digits, in India of two before the last three. */
const GROUPED = /^-?[1-9]\d{0,2}(?:[.,]\d{2,3})*[.,]\d{3}$/;

/** `1.234`: a thousand and more where the dot groups, a little more than one where it is the decimal sign. */
const TWO_WAYS = /^-?[1-9]\d{0,2}\.\d{3}$/;

/**
 * A number as people type it, as a plain decimal: with the locale's decimal sign, or with a dot where it cannot be taken for the
 * sign that groups. Spaces and apostrophes between groups are left out. `null`: not a number, or one that can be read in two ways,
 * because a price a thousand times too high is worse than a question; {@link decimalFault} says which.
 */
export function readDecimal(text: string): DecimalString | null {
  const bare = bareText(text);
  if (isTwoWays(bare)) return null;
  const sign = decimalSign(bare);
  if (sign === null) return null;
  const at = sign === '' ? bare.length : bare.lastIndexOf(sign);
  const [whole, decimals] = [bare.slice(0, at), bare.slice(at + 1)];
  if (sign !== '' && decimals === '') return null;
  if (/[.,]/.test(whole) && !GROUPED.test(whole)) return null;
  const plain = `${whole.replace(/[.,]/g, '')}${decimals === '' ? '' : `.${decimals}`}`;
  const full = plain.replace(/^(-?)\./, '$10.');
  return PLAIN.test(full) ? new Decimal(full).toFixed() : null;
}

/** Why {@link readDecimal} refuses a text, with an example to go by. */
export function decimalFault(text: string): string {
  const bare = bareText(text);
  if (!isTwoWays(bare)) return `Enter a number such as ${typeDecimal('150.25')}.`;
  const whole = bare.replace('.', '');
  return `“${text.trim()}” can be read in two ways. Write ${whole} or ${bare.replace('.', region().marks.decimal)}.`;
}

/** A plain decimal as it is typed: with the locale's decimal sign, without groups. Any other text stays as it is. */
export function typeDecimal(plain: DecimalString): string {
  return PLAIN.test(plain) ? plain.replace('.', region().marks.decimal) : plain;
}

function bareText(text: string): string {
  return text
    .trim()
    .replace(/^−/, '-')
    .replace(/^\+/, '')
    .replace(/[\s_'’](?=\d{3}(?!\d))/g, '');
}

function isTwoWays(bare: string): boolean {
  return region().marks.group === '.' && TWO_WAYS.test(bare);
}

/** Which of the two signs in a text begins its decimals; empty: none does; `null`: nobody writes so. */
function decimalSign(bare: string): '.' | ',' | '' | null {
  const signs = (bare.match(/[.,]/g) ?? []) as ('.' | ',')[];
  const last = signs.at(-1);
  if (last === undefined) return '';
  const once = signs.filter(sign => sign === last).length === 1;
  // Of two different signs the last one begins the decimals, in every language.
  if (new Set(signs).size === 2) return once ? last : null;
  const { decimal, group } = region().marks;
  if (last === decimal) return once ? last : null;
  if (last === group && GROUPED.test(bare)) return '';
  return last === '.' && once ? last : null;
}
