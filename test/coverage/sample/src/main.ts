import { Box, describe, retry } from './sample.ts';

/** The half of `sample.ts` that the built program runs; the test runner runs the other half. */
const box = new Box();
box.add('known');
box.add('known');
box.get('unknown');
describe(0);
describe(500, { name: 'given' });
describe(12);
let calls = 0;
await retry(() => {
  calls += 1;
  return calls < 2 ? Promise.reject(new Error('not yet')) : Promise.resolve(calls);
}, 3);
