import { PRICE_CHANNELS } from '../../../shared/channels.ts';
import { TenhertzError } from '../errors.ts';

/** What happens to an event of a channel when there is no room for it (R4.5). */
export interface RouterPolicy {
  /** A channel's name, or a pattern with `*` for any text, such as `trades:*`. */
  pattern: string;
  /**
   * `wait`: the promise waits for room. `drop-oldest-price`: the oldest price of the same token that still waits to be sent
   * makes room (price channels only; anything else there waits). `refuse`: the promise is rejected at once.
   */
  atLimit: 'wait' | 'drop-oldest-price' | 'refuse';
  /** How long an event may wait for room, or for Redis to come back, in ms; 30,000 by default. */
  timeoutMs?: number;
}

/** Prices give way to newer ones; nothing else is ever dropped. */
const DEFAULTS: readonly RouterPolicy[] = [
  { pattern: 'price-updates', atLimit: 'drop-oldest-price' },
  { pattern: 'prices:*', atLimit: 'drop-oldest-price' },
  { pattern: '*', atLimit: 'wait' },
];
const TIMEOUT_MS = 30_000;

/**
 * Makes the look-up of policies: of `policies` and then the defaults, the first whose pattern fits.
 *
 * @throws TenhertzError `BAD_POLICY` (exit code 3) for one that would drop prices of a channel that carries none.
 */
export function policyOf(policies: readonly RouterPolicy[]): (channel: string) => Required<RouterPolicy> {
  for (const { pattern, atLimit } of policies) {
    if (atLimit !== 'drop-oldest-price' || PRICE_CHANNELS.test(pattern)) continue;
    throw new TenhertzError(
      'BAD_POLICY',
      `The policy drop-oldest-price is for price-updates and prices:… only, not for "${pattern}"; use wait or refuse.`,
      { exitCode: 3, facts: { pattern } },
    );
  }
  const known = [...policies, ...DEFAULTS].map(policy => ({
    fits: matcher(policy.pattern),
    policy: { ...policy, timeoutMs: policy.timeoutMs ?? TIMEOUT_MS },
  }));
  const waits: Required<RouterPolicy> = { pattern: '*', atLimit: 'wait', timeoutMs: TIMEOUT_MS };
  return channel => known.find(({ fits }) => fits.test(channel))?.policy ?? waits;
}

function matcher(pattern: string): RegExp {
  const parts = pattern.split('*').map(part => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
