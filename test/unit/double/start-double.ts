import { vi } from 'vitest';
import type { Report } from '../../double/control.ts';
import { createDouble } from '../../double/create-double.ts';

/** A double without Chromium, whose process does not end. */
export function start(options: { tray?: boolean } = {}) {
  const reports: Report[] = [];
  const end = vi.fn<(code: number) => void>();
  const double = createDouble({
    end,
    tray: options.tray ?? true,
    report: report => reports.push(report),
    startBrowser: () => Promise.reject(new Error('no browser in a unit test')),
  });
  return { ...double, end, reports };
}

/** A picture of one pixel. */
export const onePixel = (electron: ReturnType<typeof start>['electron']) =>
  electron.nativeImage.createFromBitmap(Buffer.alloc(4), { width: 1, height: 1 });
