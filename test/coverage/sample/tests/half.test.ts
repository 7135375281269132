import { expect, it } from 'vitest';
import { Box, describe, retry } from '../src/sample.ts';

it('runs one half of the sample', async () => {
  const box = new Box();
  expect(box.add('known', 3)).toBe(true);
  expect(box.get('known')).toBe(3);
  expect(describe(-1)).toBe('none: negative');
  expect(describe(3)).toBe('none: odd');
  await expect(retry(() => Promise.reject(new Error('never')), 1)).rejects.toThrow('never');
});
