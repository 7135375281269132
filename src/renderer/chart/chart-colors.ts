/** The chart's colours, read from the style sheet's tokens so that there is one place for them. */
export interface ChartColors {
  pane: string;
  grid: string;
  line: string;
  text: string;
  raised: string;
  up: string;
  down: string;
  /** Up and down, thinned out so that the columns stay behind the bars. */
  volumeUp: string;
  volumeDown: string;
  accent: string;
  warn: string;
  faint: string;
  font: string;
}

/** How much of a column's colour is seen, of 255. */
const VOLUME_ALPHA = 0x59;

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
    volumeUp: thinned(token('--up')),
    volumeDown: thinned(token('--down')),
    accent: token('--accent'),
    warn: token('--warn'),
    faint: token('--skeleton'),
    font: token('--font'),
  };
}

/** A colour of six hexadecimal digits made translucent; any other stays as it is. */
function thinned(color: string): string {
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}${VOLUME_ALPHA.toString(16)}` : color;
}
