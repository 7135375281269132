import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const RENDERER = join(import.meta.dirname, '..', '..', '..', 'src', 'renderer');
const TOKENS = readFileSync(join(RENDERER, 'theme', 'tokens.css'), 'utf8');

/** The declarations of every rule whose selector passes, later ones over earlier ones. */
function declared(passes: (selector: string) => boolean): Record<string, string> {
  const found: Record<string, string> = {};
  const plain = TOKENS.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(
    /@media[^{]*\{(?:[^{}]*\{[^}]*\})*[^}]*\}/g,
    '',
  );
  for (const [, selector = '', body = ''] of plain.matchAll(/([^{}]+)\{([^}]*)\}/g)) {
    if (!passes(selector.replaceAll(/\s+/g, ' ').trim())) continue;
    for (const [, name = '', value = ''] of body.matchAll(/--([\w-]+):\s*([^;]+);/g))
      found[name] = value.trim();
  }
  return found;
}

const isLight = (selector: string): boolean => selector.includes("[data-theme='light']");
const isBlue = (selector: string): boolean => selector.includes("[data-colours='blue-orange']");
const isElsewhere = (selector: string): boolean => selector.includes(':is(');

/** The colours of a look; `elsewhere`: on surfaces that are not the pane's own. */
function look(theme: 'dark' | 'light', blue: boolean, elsewhere: boolean): Record<string, string> {
  return declared(
    selector =>
      (theme === 'light' || !isLight(selector)) &&
      (theme === 'dark' || !selector.includes("[data-theme='dark']") || selector.includes(':root,')) &&
      (blue || !isBlue(selector)) &&
      (elsewhere || !isElsewhere(selector)),
  );
}

/** Relative luminance and contrast, as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const AA = 4.5;
const TEXTS = ['text', 'text-second', 'text-faint', 'up', 'down', 'accent', 'warn'];
const OWN = ['pane', 'back', 'hover'];
const OTHERS = ['raised', 'selected', 'warn-back', 'accent-back', 'down-back'];

describe('the colours', () => {
  for (const theme of ['dark', 'light'] as const) {
    for (const blue of [false, true]) {
      it(`reach contrast AA for every text on every surface (${theme}${blue ? ', blue and orange' : ''})`, () => {
        const faint: string[] = [];
        for (const [surfaces, elsewhere] of [
          [OWN, false],
          [OTHERS, true],
        ] as const) {
          const colours = look(theme, blue, elsewhere);
          for (const text of TEXTS) {
            for (const surface of surfaces) {
              const ratio = contrast(colours[text] ?? '', colours[surface] ?? '');
              if (!(ratio >= AA)) faint.push(`${text} on ${surface}: ${ratio.toFixed(2)}`);
            }
          }
        }
        expect(faint).toEqual([]);
      });
    }
  }

  it('are those of the drawings', () => {
    expect(look('dark', false, false)).toMatchObject({
      back: '#0b0e13',
      pane: '#10141b',
      raised: '#171c25',
      line: '#1f2631',
      text: '#e3e8ef',
      'text-second': '#8f9bab',
      up: '#2ec4a6',
      down: '#ff6f61',
      accent: '#6aa8ff',
      warn: '#f2b84b',
    });
    expect(look('light', false, false)).toMatchObject({
      back: '#f4f6f9',
      pane: '#ffffff',
      raised: '#f0f3f7',
      line: '#dde3ea',
      text: '#17202b',
      up: '#00806a',
      down: '#c8372d',
      accent: '#1f62d0',
      warn: '#9a6400',
    });
  });

  it('are spelled in one place', () => {
    const stray: string[] = [];
    for (const file of readdirSync(RENDERER, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(css|tsx?)$/.test(file) || file.endsWith('tokens.css')) continue;
      const code = readFileSync(join(RENDERER, file), 'utf8');
      for (const [hex] of code.matchAll(/#[0-9a-f]{3,8}\b(?=["';,\s)])|\b(?:rgb|hsl|oklch)a?\([\d.]/gi))
        stray.push(`${file}: ${hex}`);
    }
    expect(stray).toEqual([]);
  });
});
