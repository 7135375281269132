import type { AlertCondition } from '../../shared/alerts.ts';
import type { PriceView, Token } from '../../shared/contract.ts';
import { Decimal } from 'decimal.js';
import { roundPrice } from '../../shared/price-format.ts';
import { firstCondition } from './draft-form.ts';

/** A rule that is nearly ready: what it is for, and how it begins. */
export interface AlertTemplate {
  readonly label: string;
  readonly condition: (token: Token, price: PriceView | undefined) => AlertCondition;
}

const around = (percent: number) => (token: Token, price: PriceView | undefined) => ({
  kind: 'price' as const,
  token,
  direction: percent > 0 ? ('above' as const) : ('below' as const),
  level:
    price === undefined ? '' : roundPrice(new Decimal(price.price).times(1 + percent / 100).toFixed(), 4),
});

/** What traders ask for most. */
export const TEMPLATES: readonly AlertTemplate[] = [
  { label: 'Price 2 % higher', condition: around(2) },
  { label: 'Price 2 % lower', condition: around(-2) },
  {
    label: 'Moves 5 % in 5 minutes',
    condition: token => firstCondition('move', token),
  },
  {
    label: 'All positions lose 500 USD',
    condition: () => ({ kind: 'pnl', token: null, which: 'total', direction: 'below', level: '-500' }),
  },
  { label: 'A position is opened', condition: token => firstCondition('position', token) },
  { label: 'Price goes stale', condition: token => firstCondition('stale', token) },
  { label: 'A source is down', condition: token => firstCondition('source', token) },
];
