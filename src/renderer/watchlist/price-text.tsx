import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { DecimalString } from '../../shared/contract.ts';
import { fullPrice, tablePrice } from '../format/prices.ts';

/** How long changed digits keep the colour of the move. */
const TINT_MS = 240;

/** How many characters two texts have in common from the left. */
export function commonPrefix(before: string, after: string): number {
  let length = 0;
  while (length < before.length && before[length] === after[length]) length += 1;
  return length;
}

/**
 * A price: rounded and short in the text, in full in the title. The digits that changed take the colour of the move for a
 * moment; not for people who asked for less motion.
 */
export function PriceText({ price, decimals }: { price: DecimalString; decimals: number }): ReactElement {
  const text = tablePrice(price, decimals);
  const moved = useRef<HTMLSpanElement>(null);
  const [shown, setShown] = useState({ price, text, kept: text.length, move: 0 });
  if (shown.text !== text) {
    setShown({
      price,
      text,
      kept: commonPrefix(shown.text, text),
      move: Math.sign(Number(price) - Number(shown.price)),
    });
  }
  useEffect(() => {
    if (shown.move === 0 || moved.current === null || !('animate' in moved.current)) return;
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    moved.current.animate([{ color: shown.move > 0 ? 'var(--up)' : 'var(--down)' }, {}], TINT_MS);
  }, [shown]);
  return (
    <span title={fullPrice(price)}>
      {text.slice(0, shown.kept)}
      <span ref={moved}>{text.slice(shown.kept)}</span>
    </span>
  );
}
