/**
 * An SVG path through the newest values of a measurement in a box of `width` by `height`; the newest is at the right edge
 * and the box holds `slots` of them. Unknown values are left out. The scale starts at zero, so that noise looks like noise.
 */
export function trailPath(
  values: readonly (number | null)[],
  slots: number,
  width: number,
  height: number,
): string {
  const known = values
    .map((value, index) => ({ value, x: width * (1 - (values.length - 1 - index) / (slots - 1)) }))
    .filter((point): point is { value: number; x: number } => point.value !== null);
  if (known.length < 2) return '';
  const top = Math.max(...known.map(point => point.value)) * 1.15 || 1;
  return known
    .map(({ value, x }, index) => {
      const y = 1 + (height - 2) * (1 - value / top);
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
