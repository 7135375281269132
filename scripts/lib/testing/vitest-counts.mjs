/** A vitest reporter: counts per project, and each skip with its reason, into the file that VITEST_COUNTS names. */
import { writeFileSync } from 'node:fs';

export default class CountsReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandled errors outside any test
   */
  onTestRunEnd(modules, unhandled) {
    const file = process.env['VITEST_COUNTS'];
    if (file === undefined) return;
    /** @type {Map<string, import('./result.mjs').Result>} */
    const results = new Map();
    for (const module of modules) {
      const suite = module.project.name;
      const result = results.get(suite) ?? {
        ...{ step: 'vitest', suite, passed: 0, failed: 0, skipped: 0, seconds: 0 },
        skips: /** @type {{ name: string, reason: string }[]} */ ([]),
      };
      results.set(suite, result);
      const { duration, collectDuration } = module.diagnostic();
      result.seconds += (duration + collectDuration) / 1000;
      // A file that cannot be loaded has no tests to fail.
      result.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const outcome = test.result();
        if (outcome.state === 'passed') result.passed += 1;
        else if (outcome.state === 'failed') result.failed += 1;
        else {
          result.skipped += 1;
          const note = outcome.state === 'skipped' ? outcome.note : 'never ran';
          result.skips.push({ name: test.fullName, reason: note ?? 'no reason given' });
        }
      }
    }
    const list = [...results.values()];
    const [first] = list;
    if (first !== undefined) first.failed += unhandled.length;
    writeFileSync(file, JSON.stringify(list));
  }
}
