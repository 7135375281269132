import { expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { built } from './build-renderer.ts';
import { test } from './screen.ts';

/** What the page may need before its first paint, gzipped: a new package or pane that goes beyond is a decision, not an accident. */
const BUDGET_KB = { js: 430, css: 24 };

/** The files that `page` names, so those the browser reads before it runs anything. */
function initialFiles(page: string): string[] {
  const html = readFileSync(join(built('screen'), page), 'utf8');
  return [...html.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file ?? '');
}

function gzippedKb(files: readonly string[]): number {
  const sizes = files.map(file => gzipSync(readFileSync(join(built('screen'), file)), { level: 9 }).length);
  return sizes.reduce((sum, size) => sum + size, 0) / 1_000;
}

test('what the page needs before its first paint stays within the budget', () => {
  const files = initialFiles('index.html');
  for (const kind of ['js', 'css'] as const) {
    const some = files.filter(file => file.endsWith(kind));
    expect(some.length, `${kind} files`).toBeGreaterThan(0);
    const size = gzippedKb(some);
    console.log(`first paint needs ${size.toFixed(1)} KB of ${kind}, gzipped; budget ${BUDGET_KB[kind]} KB`);
    expect(size, `KB of ${kind}, gzipped`).toBeLessThan(BUDGET_KB[kind]);
  }
});
