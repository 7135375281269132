import { Decimal } from 'decimal.js';
import { afterEach, describe, expect, it } from 'vitest';
import { numberMarks } from '../../../../src/renderer/format/number-marks.ts';
import {
  compactPrice,
  fixedNumber,
  fixedPercent,
  formatChange,
  formatDollars,
  fullPrice,
  shortAmount,
  shortDollars,
  signedDecimal,
  tableAmount,
  tablePrice,
} from '../../../../src/renderer/format/prices.ts';
import { SYSTEM_REGION, writeBy } from '../../../../src/renderer/format/region.ts';
import { formatAge, formatCount, formatMs } from '../../../../src/renderer/format/times.ts';
import { toldNumbers } from '../../../../src/renderer/format/told-numbers.ts';
import { decimalFault, readDecimal, typeDecimal } from '../../../../src/renderer/format/typed-decimal.ts';

const inLocale = (locale: string): void => writeBy({ locale, timeZone: 'UTC' });
afterEach(() => writeBy(SYSTEM_REGION));

/** Narrow no-break space: what French and others group by. */
const NARROW = '\u202f';

describe('a price', () => {
  it.each([
    ['en-US', '1234567.891', '1,234,567.891'],
    ['de-DE', '1234567.891', '1.234.567,891'],
    ['en-IN', '1234567.891', '12,34,567.891'],
    ['hi-IN', '98765432101234.5', '9,87,65,43,21,01,234.5'],
    ['fr-FR', '1234567.891', `1${NARROW}234${NARROW}567,891`],
    ['ja-JP', '1234567.891', '1,234,567.891'],
    ['es-ES', '1234.5', '1234,5'],
    ['es-ES', '12345.5', '12.345,5'],
    ['ar-EG', '1234.5', '1,234.5'],
    ['fa-IR', '1234.5', '1,234.5'],
  ])('is written as in %s: %s as %s', (locale, price, text) => {
    inLocale(locale);
    expect(fullPrice(price)).toBe(text);
  });

  it('keeps every digit of the huge and of the tiny', () => {
    inLocale('de-DE');
    expect(fullPrice('123456789012345678901234567890.12345678901234567890')).toBe(
      '123.456.789.012.345.678.901.234.567.890,12345678901234567890',
    );
    expect(fullPrice('0.00001234')).toBe('0,00001234');
    expect(compactPrice('0.0000030412')).toBe('0,0₅30412');
    expect(tablePrice('0.00001234')).toBe('0,0₄1234');
    expect(tablePrice('151.2', 4)).toBe('151,2000');
  });

  it('that is no decimal is handed back', () => {
    inLocale('de-DE');
    expect(fullPrice('soon')).toBe('soon');
    expect(tableAmount('soon')).toBe('soon');
  });

  it('is what Intl writes of the same decimal, in every locale of many', () => {
    for (const locale of [
      'en-US',
      'de-DE',
      'en-IN',
      'fr-FR',
      'ja-JP',
      'pl-PL',
      'pt-PT',
      'sv-SE',
      'hu-HU',
      'fa-IR',
    ]) {
      inLocale(locale);
      const intl = new Intl.NumberFormat(`${locale}-u-nu-latn`, { maximumFractionDigits: 20 });
      for (const price of [
        '0',
        '7.5',
        '999',
        '1000',
        '12345',
        '123456.7',
        '987654321.12345',
        '1234567890123',
      ]) {
        expect(fullPrice(price), `${locale} ${price}`).toBe(intl.format(Number(price)));
      }
    }
  });
});

describe('amounts, dollars and parts of a hundred', () => {
  it('go by the locale, with a real minus sign', () => {
    inLocale('de-DE');
    expect(signedDecimal('-98765.4')).toBe('−98.765,4');
    expect(tableAmount('-182000000')).toBe('−182.000.000');
    expect(shortAmount('21940000')).toBe('21,94 M');
    expect(formatDollars(new Decimal('-32137.4'))).toBe('−$32.137,40');
    expect(formatDollars(new Decimal('5.57'), { signed: true })).toBe('+$5,57');
    expect(shortDollars(new Decimal('11900'))).toBe('$11,9K');
    expect(shortDollars(new Decimal('0.001'))).toBe('<$0,01');
    expect(formatChange(new Decimal('-1234.5'))).toBe('−1.234,50 %');
    expect(fixedPercent(new Decimal('12.4'), 2)).toBe('12,40 %');
  });

  it('ages, durations, counts and rates do so too', () => {
    inLocale('de-DE');
    expect(formatAge(1_234)).toBe('1,2 s');
    expect(formatMs(0.34)).toBe('0,3 ms');
    expect(formatMs(1_250)).toBe('1,3 s');
    expect(formatCount(9_880_000)).toBe('9.880.000');
    expect(fixedNumber(-10.04, 1)).toBe('−10,0');
  });

  it('in a sentence of the engine are written alike; names, times and ids stay', () => {
    inLocale('de-DE');
    expect(toldNumbers('SOL rises to 150.25: 151234.5, in 5 min.')).toBe(
      'SOL rises to 150,25: 151.234,5, in 5 min.',
    );
    expect(toldNumbers('1INCH at 12:30 on trades:user_7 lost -0.5 %')).toBe(
      '1INCH at 12:30 on trades:user_7 lost −0,5 %',
    );
  });
});

describe('the marks of a locale', () => {
  it('are refused for what is no language tag', () => {
    expect(() => numberMarks('not a tag')).toThrow(RangeError);
  });
});

describe('a typed number', () => {
  it.each([
    ['en-US', '1,250.5', '1250.5'],
    ['en-US', '1,250', '1250'],
    ['en-US', '150,25', null],
    ['en-US', '1.234,50', '1234.5'],
    ['en-IN', '12,34,567.5', '1234567.5'],
    ['de-DE', '150,25', '150.25'],
    ['de-DE', '150.25', '150.25'],
    ['de-DE', '0.123', '0.123'],
    ['de-DE', '1.234,5', '1234.5'],
    ['de-DE', '1.234.567', '1234567'],
    ['de-DE', '1,234', '1.234'],
    ['de-DE', '1.234', null],
    ['de-DE', '1,234.50', '1234.5'],
    ['de-DE', '1,2,3', null],
    ['de-DE', '12.34,5', null],
    ['de-DE', ',5', '0.5'],
    ['de-DE', '5,', null],
    ['de-DE', '−3,5', '-3.5'],
    ['fr-FR', `1${NARROW}234,5`, '1234.5'],
    ['fr-FR', '1.234', '1.234'],
    ['de-CH', '1’234.5', '1234.5'],
    ['de-CH', '12,5', null],
    ['de-DE', 'lots', null],
  ])('in %s: %s is %s', (locale, typed, plain) => {
    inLocale(locale);
    expect(readDecimal(typed)).toBe(plain);
  });

  it('that is refused says what is expected', () => {
    inLocale('de-DE');
    expect(decimalFault('lots')).toBe('Enter a number such as 150,25.');
    expect(decimalFault('1.234')).toBe('“1.234” can be read in two ways. Write 1234 or 1,234.');
    inLocale('en-US');
    expect(decimalFault('150,25')).toBe('Enter a number such as 150.25.');
  });

  it('begins as it would be typed, and is read back the same', () => {
    for (const locale of ['en-US', 'de-DE', 'fr-FR', 'en-IN', 'de-CH', 'es-ES']) {
      inLocale(locale);
      for (const plain of ['1.234', '151.2348', '0.00001234', '-500', '1234567.891'])
        expect(readDecimal(typeDecimal(plain)), `${locale} ${plain}`).toBe(plain);
    }
    expect(typeDecimal('')).toBe('');
  });
});
