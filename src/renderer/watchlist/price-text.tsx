import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { DecimalString } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { fullPrice, tablePrice } from '../format/prices.ts';
import { writeAttribute } from '../time/ticker.ts';

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
 * moment; not for people who asked for less motion. It is set and taken away, not faded: a colour that fades makes the browser
 * draw every frame, for as long as any price moves.
 */
export function PriceText({ price, decimals }: { price: DecimalString; decimals: number }): ReactElement {
  const { clock } = useServices();
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
    const digits = moved.current;
    if (digits === null) return undefined;
    const off = (): boolean => delete digits.dataset['move'];
    if (shown.move === 0) {
      off();
      return undefined;
    }
    writeAttribute(digits, 'data-move', shown.move > 0 ? 'up' : 'down');
    return clock.after(TINT_MS, off);
  }, [shown, clock]);
  return (
    <span title={fullPrice(price)}>
      {text.slice(0, shown.kept)}
      <span ref={moved} className="moved-digits">
        {text.slice(shown.kept)}
      </span>
    </span>
  );
}
