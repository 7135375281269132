import type { ReactElement } from 'react';
import { typeDecimal } from '../format/typed-decimal.ts';
import { sizeOf, type PoolSettings } from './pool-settings.ts';

/** The trade whose price impact the table tells: buy or sell, and its size in dollars. */
export function TradeSize({
  settings: { size, side },
  change,
}: {
  settings: PoolSettings;
  change: (part: Partial<PoolSettings>) => void;
}): ReactElement {
  const wrong = sizeOf(size) === null;
  const examples = `500, ${typeDecimal('2.5')}k`;
  return (
    <div className="pool-trade" role="group" aria-label="Trade whose impact is shown">
      <select
        aria-label="Side of the trade"
        value={side}
        onChange={event => change({ side: event.target.value === 'sell' ? 'sell' : 'buy' })}
      >
        <option value="buy">Buy</option>
        <option value="sell">Sell</option>
      </select>
      <input
        type="text"
        inputMode="decimal"
        aria-label="Size of the trade in dollars"
        aria-invalid={wrong}
        title={
          wrong ? `Write dollars above zero, for instance ${examples} or 1m` : `Dollars: ${examples}, 1m`
        }
        spellCheck={false}
        value={size}
        onChange={event => change({ size: event.target.value })}
      />
    </div>
  );
}
