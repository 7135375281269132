import type { AlertCondition } from './alerts.ts';

/** What a rule waits for, as a short phrase: `SOL reaches 150 from below`. Its name when it has none of its own. */
export function describeCondition(condition: AlertCondition): string {
  switch (condition.kind) {
    case 'price':
      return `${condition.token} ${REACHES[condition.direction]} ${condition.level}`;
    case 'move':
      return `${condition.token} moves ${MOVES[condition.direction]} ${condition.percent} % in ${lengthWords(condition.windowMs)}`;
    case 'pnl': {
      const whose = condition.token === null ? 'all positions' : condition.token;
      const which = condition.which === 'total' ? 'PnL' : 'unrealised PnL';
      return `${which} of ${whose} goes ${condition.direction} ${condition.level} USD`;
    }
    case 'volume': {
      const unit = condition.unit === 'quote' ? 'USD' : condition.token;
      return `${condition.token} trades more than ${condition.above} ${unit} in ${lengthWords(condition.windowMs)}`;
    }
    case 'stale':
      return `${condition.token} has no fresh price for ${lengthWords(condition.afterMs)}`;
    case 'lag':
      return `the desk lags more than ${lengthWords(condition.aboveMs)}`;
    case 'position': {
      const whose = condition.token === null ? 'any position' : `the ${condition.token} position`;
      if (condition.change !== 'changed') return `${whose} is ${condition.change}`;
      return condition.by === '0' ? `${whose} changes` : `${whose} changes by more than ${condition.by}`;
    }
    case 'source':
      return condition.source === null ? 'a source is down' : `source ${condition.source} is down`;
  }
}

const REACHES = { above: 'rises to', below: 'falls to', cross: 'crosses' } as const;
const MOVES = { up: 'up', down: 'down', either: 'up or down' } as const;

/** A length of time in the unit that fits: `90 s`, `5 min`, `250 ms`. */
export function lengthWords(ms: number): string {
  if (ms < 1_000 || ms % 1_000 !== 0) return `${ms} ms`;
  const seconds = ms / 1_000;
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  if (seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}
