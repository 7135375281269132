/** The chart's colours, read from the style sheet's tokens so that there is one place for them. */
export interface ChartColors {
  pane: string;
  grid: string;
  line: string;
  text: string;
  raised: string;
  up: string;
  down: string;
  accent: string;
  warn: string;
  faint: string;
  font: string;
}

/** The theme's colours as they stand on `element`'s document. */
export function readChartColors(element: Element): ChartColors {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    pane: token('--pane'),
    grid: token('--grid'),
    line: token('--line'),
    text: token('--text-second'),
    raised: token('--line-strong'),
    up: token('--up'),
    down: token('--down'),
    accent: token('--accent'),
    warn: token('--warn'),
    faint: token('--skeleton'),
    font: token('--font'),
  };
}
