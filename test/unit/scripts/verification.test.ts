import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { coverageTable, percent, shortfalls, totalOf } from '../../../scripts/lib/coverage/report.mjs';
import { run, which } from '../../../scripts/lib/run.mjs';
import { runMain, step, Stop } from '../../../scripts/lib/say.mjs';
import { countPlaywright, playwrightResults, vitestResults } from '../../../scripts/lib/testing/counts.mjs';
import { endLeftovers, findLeftovers, RUN_MARK } from '../../../scripts/lib/testing/leftovers.mjs';
import { judged, oneCheck, summary, type Result } from '../../../scripts/lib/testing/result.mjs';

const unit: Result = {
  step: 'vitest',
  suite: 'unit',
  passed: 7,
  failed: 0,
  skipped: 0,
  seconds: 3,
  skips: [],
};
const ended = { code: 0, timedOut: false };

describe('the final table', () => {
  it('names each runner and each skip with its reason, and ends with the sum alone on its line', () => {
    const skips = [{ name: 'app.spec.ts › opens', reason: 'no Electron binary' }];
    const electron = {
      ...unit,
      step: 'playwright',
      suite: 'electron',
      passed: 0,
      failed: 1,
      skipped: 1,
      skips,
    };
    const lines = summary([oneCheck('lint', true, 1.25), unit, electron]);
    expect(lines.at(-1)).toBe('8 passed, 1 failed, 1 skipped');
    expect(lines.join('\n')).toContain('electron: app.spec.ts › opens: no Electron binary');
    expect(lines.find(line => line.startsWith('vitest unit'))?.split(/\s+/)).toEqual([
      ...['vitest', 'unit', '7', '0', '0', '3.0'],
    ]);
  });
});

describe('the verdict on a runner', () => {
  it('is its own counts when they agree with how it ended', () => {
    expect(judged('vitest', [unit], ended, 3)).toEqual([unit]);
    const failed = { ...unit, failed: 1 };
    expect(judged('vitest', [failed], { ...ended, code: 1 }, 3)).toEqual([failed]);
  });

  it.each([
    [
      'it ended with an error and counted no failure',
      [unit],
      { code: 1, timedOut: false },
      'ended with code 1',
    ],
    ['it left no counts', [], ended, 'ran nothing'],
    ['it counted nothing', [{ ...unit, passed: 0 }], ended, 'ran nothing'],
    ['it took too long', [unit], { code: 128, timedOut: true }, 'took too long'],
    ['it counted a failure and ended well', [{ ...unit, failed: 1 }], ended, 'ended with code 0'],
  ])('is a failure when %s', (_name, results, how, why) => {
    const last = judged('vitest', results, how, 3).at(-1);
    expect(last).toMatchObject({ step: `vitest: ${why}`, failed: 1 });
  });
});

describe('reading what the runners counted', () => {
  it('counts Playwright per project; a flaky test has failed, a skip has its reason', () => {
    const test = (
      projectName: string,
      status: string,
      annotations: { type: string; description?: string }[] = [],
    ) => ({
      ...{ projectName, status, annotations, results: [{ duration: 500 }] },
    });
    const skipped = test('electron', 'skipped', [{ type: 'skip', description: 'no binary' }]);
    const specs = [
      { title: 'opens', tests: [test('gateway', 'expected'), skipped] },
      {
        title: 'ticks',
        tests: [test('gateway', 'flaky'), test('electron', 'skipped'), test('gateway', 'unexpected')],
      },
    ];
    const results = countPlaywright({
      suites: [{ title: 'a.spec.ts', suites: [{ title: 'the app', specs }] }],
    });
    expect(results).toEqual([
      { step: 'playwright', suite: 'gateway', passed: 1, failed: 2, skipped: 0, seconds: 1.5, skips: [] },
      {
        ...{ step: 'playwright', suite: 'electron', passed: 0, failed: 0, skipped: 2, seconds: 1 },
        skips: [
          { name: 'a.spec.ts › the app › opens', reason: 'no binary' },
          { name: 'a.spec.ts › the app › ticks', reason: 'no reason given' },
        ],
      },
    ]);
  });

  it('takes a missing file for no counts, and reads one that is there', () => {
    expect(playwrightResults('/none.json')).toEqual([]);
    expect(vitestResults('/none.json')).toEqual([]);
    const dir = mkdtempSync(join(tmpdir(), 'th-counts-'));
    writeFileSync(join(dir, 'a.json'), JSON.stringify([unit]));
    writeFileSync(join(dir, 'b.json'), '{"suites":[]}');
    expect(vitestResults(join(dir, 'a.json'))).toEqual([unit]);
    expect(playwrightResults(join(dir, 'b.json'))).toEqual([]);
    rmSync(dir, { recursive: true });
  });
});

describe.runIf(process.platform === 'linux')('processes left running', () => {
  it('are found by the mark of their run, named and ended', async () => {
    const mark = randomUUID();
    const env = { ...process.env, [RUN_MARK]: mark };
    const child = spawn('sleep', ['60'], { env, stdio: 'ignore' });
    await vi.waitFor(() => expect(findLeftovers(mark)).toHaveLength(1));
    const left = await endLeftovers(mark, 150);
    expect(left).toEqual([{ pid: child.pid, command: 'sleep 60' }]);
    await vi.waitFor(() => expect(findLeftovers(mark)).toEqual([]));
  });

  it('are none where nothing was left, or where there is no /proc', async () => {
    expect(await endLeftovers(randomUUID(), 0)).toEqual([]);
    expect(findLeftovers('x', '/no-proc')).toEqual([]);
  });
});

describe('running a command', () => {
  it('answers its code and output', async () => {
    const script = 'console.log(process.env.GIVEN); console.error("err"); process.exit(3)';
    const ran = await run(process.execPath, ['-e', script], { quiet: true, env: { GIVEN: 'yes' } });
    expect(ran).toMatchObject({ code: 3, timedOut: false });
    expect(ran.output).toContain('yes');
    expect(ran.output).toContain('err');
  });

  it('answers 127 when there is no such command, and ends one that takes too long with all it started', async () => {
    expect(await run('/no/such/command', [], { quiet: true })).toMatchObject({ code: 127 });
    const mark = randomUUID();
    const options = { quiet: true, timeoutMs: 300, env: { [RUN_MARK]: mark } };
    expect(await run('sh', ['-c', 'sleep 60 & sleep 60'], options)).toMatchObject({
      timedOut: true,
      code: 128,
    });
    await vi.waitFor(() => expect(findLeftovers(mark)).toEqual([]));
  });

  it('finds programs by the endings of the system', () => {
    expect(which('sh')).toMatch(/\/sh$/);
    expect(which('no-such-program')).toBeUndefined();
    expect(which('sh', {})).toBeUndefined();
    expect(which('sh', process.env, 'win32')).toMatch(/\/sh$/);
  });
});

describe('steps and stops', () => {
  it('say their name, that they go on, and their time', async () => {
    const lines: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => lines.push(String(text)) > 0);
    await step('Slow work', () => new Promise(resolve => void setTimeout(resolve, 60)), 20);
    write.mockRestore();
    expect(lines[0]).toBe('> Slow work\n');
    expect(lines[1]).toMatch(/still at it: Slow work/);
    expect(lines.at(-1)).toMatch(/done in 0\.\d s/);
  });

  it('end with the code of the stop and its message alone', async () => {
    const error = vi.spyOn(console, 'error').mockReturnValue();
    await runMain(() => Promise.reject(new Stop(4, 'Install it.')));
    expect(process.exitCode).toBe(4);
    expect(error).toHaveBeenLastCalledWith('\nInstall it.');
    await runMain(() => Promise.reject(new Error('a fault')));
    expect(process.exitCode).toBe(1);
    await runMain(() => Promise.resolve(0));
    expect(process.exitCode).toBe(0);
    error.mockRestore();
  });
});

describe('the coverage verdict', () => {
  const share = (covered: number, total: number) => ({ covered, total });
  const file = (path: string, covered: number) => ({
    ...{ path, lines: share(covered, 100), branches: share(covered, 100), functions: share(1, 1) },
  });

  it('wants more than 90 % of lines and of branches over all files', () => {
    expect(shortfalls(totalOf([file('a', 91), file('b', 91)]))).toEqual([]);
    expect(shortfalls(totalOf([file('a', 90), file('b', 90)]))).toHaveLength(2);
    expect(shortfalls(totalOf([]))).toEqual(['nothing was covered at all: no run left its counts']);
    expect(percent(share(0, 0))).toBe(100);
  });

  it('lists the total and the worst files first', () => {
    const lines = coverageTable([file('good', 100), file('poor', 50), file('fair', 80)], 1);
    expect(lines.map(line => line.split(/\s/)[0])).toEqual(['file', 'all', 'poor']);
    expect(lines[2]).toContain('50.0 %');
  });
});
