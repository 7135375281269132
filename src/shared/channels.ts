// What channels carry by their names (R4.1), spelled once.

/** Where what Tenhertz and other programs say of their health is published. */
export const STATUS_CHANNEL = 'system:events';

/** Begins the channel of a trader's own trades; the trades of everybody are in `trade-events`. */
export const OWN_TRADES = 'trades:';

/** Channels that carry prices, trades and positions by their name. */
export const PRICE_CHANNELS = /^(price-updates|prices:.+)$/;
export const TRADE_CHANNELS = /^(trade-events|trades:.+)$/;
export const POSITION_CHANNELS = /^(position-updates|positions:.+)$/;
