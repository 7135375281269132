import type { IPanePrimitive, IPrimitivePaneView } from 'lightweight-charts';

/** Something that draws nothing and tells when the bars were painted: whatever lies over the chart moves along then. */
export function paintWatch(onPaint: () => void): IPanePrimitive {
  const view: IPrimitivePaneView = {
    zOrder: () => 'bottom',
    renderer: () => ({ draw: onPaint }),
  };
  const views = [view];
  return { paneViews: () => views };
}
