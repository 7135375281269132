import { useEffect, useRef, type ReactElement } from 'react';
import type { DecimalString } from '../../shared/contract.ts';
import { fullPrice, tablePrice } from '../../shared/price-format.ts';

const TINT_MS = 350;

/**
 * A price: rounded and short in the text, in full in the title. When it changes its digits take the colour of the move
 * for a moment; not for people who asked for less motion.
 */
export function PriceText({ price, decimals }: { price: DecimalString; decimals: number }): ReactElement {
  const element = useRef<HTMLSpanElement>(null);
  const drawn = useRef(price);
  useEffect(() => {
    const before = Number(drawn.current);
    drawn.current = price;
    const move = Math.sign(Number(price) - before);
    if (move === 0 || element.current === null || !('animate' in element.current)) return;
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    element.current.animate([{ color: move > 0 ? 'var(--up)' : 'var(--down)' }, {}], TINT_MS);
  }, [price]);
  return (
    <span ref={element} title={fullPrice(price)}>
      {tablePrice(price, decimals)}
    </span>
  );
}
