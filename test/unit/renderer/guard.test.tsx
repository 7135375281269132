// @vitest-environment happy-dom
import { act, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Guard } from '../../../src/renderer/app/guard.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let broken = true;
function Part(): ReactElement {
  if (broken) throw new Error('no counts');
  return <p id="part">drawn</p>;
}

beforeEach(() => {
  broken = true;
  // React reports the fault there; that is right, but no news to this test.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  document.body.innerHTML = '<div id="root"></div>';
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('shows what went wrong in place of the part, keeps the others, and draws it again when asked to', async () => {
  const root = createRoot(document.getElementById('root') ?? document.body);
  await act(async () => {
    root.render(
      <>
        <Guard name="The time line">
          <Part />
        </Guard>
        <p id="other">still here</p>
      </>,
    );
    await Promise.resolve();
  });
  expect(document.querySelector('[role="alert"] p')?.textContent).toBe(
    'The time line could not be drawn: no counts',
  );
  expect(document.getElementById('other')?.textContent).toBe('still here');
  broken = false;
  await act(async () => {
    document.querySelector('button')?.click();
    await Promise.resolve();
  });
  expect(document.getElementById('part')?.textContent).toBe('drawn');
  await act(async () => {
    root.unmount();
    await Promise.resolve();
  });
});
