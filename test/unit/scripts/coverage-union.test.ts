import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readScripts } from '../../../scripts/lib/coverage/inputs.mjs';
import { shortfalls, sharesOf, totalOf } from '../../../scripts/lib/coverage/report.mjs';
import { unionOf, type FileUnion } from '../../../scripts/lib/coverage/union.mjs';

const ROOT = join(import.meta.dirname, '../../..');

/**
 * The proof behind the merged report: one half of a source file runs in the test runner, the other half in the built program
 * (another text, other braces, a variable inlined). Each alone misses what the other has; together they miss only what nobody ran.
 */
describe('coverage of one source, run as a module and as a bundle', () => {
  const dir = mkdtempSync(join(tmpdir(), 'th-coverage-'));
  const raw = join(dir, 'raw');
  const files = ['src/sample.ts', 'src/named.ts', 'src/main.ts'];

  beforeAll(() => {
    cpSync(join(ROOT, 'test/coverage/sample'), dir, { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
    const node = (args: string[], env: Record<string, string>): Buffer =>
      execFileSync(process.execPath, args, {
        cwd: dir,
        env: { PATH: process.env['PATH'], ...env },
        stdio: 'pipe',
      });
    node(['node_modules/vitest/vitest.mjs', 'run'], { COVERAGE_DIR: raw });
    node(['node_modules/vite/bin/vite.js', 'build', '--outDir', 'out'], {});
    node(['out/main/main.js'], { NODE_V8_COVERAGE: join(raw, 'node') });
    // As a process leaves it that is killed while it writes: what the others counted counts.
    writeFileSync(join(raw, 'node', 'coverage-0-cut-off.json'), '{"result":[{"scriptId":"1","url":"file:/');
  }, 60_000);

  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  function union(which: 'module' | 'bundle' | 'both'): FileUnion[] {
    const texts = files.map(path => ({ path, text: readFileSync(join(dir, path), 'utf8') }));
    const scripts = [...readScripts(dir, raw)].filter(
      script => which === 'both' || script.offset > 0 === (which === 'module'),
    );
    expect(scripts.length).toBe(which === 'both' ? 2 : 1);
    return unionOf(texts, scripts);
  }

  it('misses in each run alone what only the other ran', () => {
    expect(missed(union('module')[0])).toEqual([
      'return false;',
      'return `${name}: zero`;',
      'return `${name}: big`;',
      "return ['a', 'b'].map(letter => `${letter}!`);",
      '`${letter}!`',
      'branch return false;',
      'branch -1',
      'branch {',
      "branch 'big'",
      'branch return `${name}: big`;',
      'branch `${name}: even`',
      'branch value > 10',
      'branch else of if (attempt >= times) throw error;',
    ]);
    expect(missed(union('bundle')[0])).toEqual([
      'return `${name}: negative`;',
      'throw error;',
      "return ['a', 'b'].map(letter => `${letter}!`);",
      '`${letter}!`',
      'branch {',
      'branch `${name}: odd`',
      'branch throw error;',
    ]);
  });

  it('misses in the union only what nobody ran, and counts each branch once', () => {
    const [sample, main, ...rest] = union('both');
    expect(missed(sample)).toEqual(["return ['a', 'b'].map(letter => `${letter}!`);", '`${letter}!`']);
    expect(missed(main)).toEqual([]);
    expect(rest).toEqual([]);
    expect(sample && sharesOf(sample).branches).toEqual({ covered: 20, total: 20 });
  });

  it('counts a file that no run touched as missed', () => {
    const [other] = unionOf(
      [{ path: 'src/other.ts', text: 'export const one = () => 1;\n' }],
      readScripts(dir, raw),
    );
    const shares = other ? [sharesOf(other)] : [];
    expect(shares[0]?.lines).toEqual({ covered: 0, total: 1 });
    expect(shortfalls(totalOf(shares))).toEqual(['lines: 0.00 % is not above 90 %']);
  });

  /** The first line of each statement and branch that is not covered. */
  function missed(of: FileUnion | undefined): string[] {
    if (of === undefined) return ['no such file'];
    const text = readFileSync(join(dir, of.path), 'utf8');
    const cut = ({ start, end }: { start: number; end: number }): string =>
      text.slice(start, end).split('\n')[0] ?? '';
    return [
      ...of.points.statements.filter((_, i) => of.statements[i] === 0).map(cut),
      ...of.points.branches.flatMap((branch, i) =>
        branch.arms
          .filter((_, arm) => of.branches[i]?.[arm] === 0)
          .map(arm => `branch ${arm === 'implied else' ? `else of ${cut(branch)}` : cut(arm)}`),
      ),
    ];
  }
});
