import type { Bar } from '../../shared/contract.ts';
import { axisDecimals, decimalsOf } from '../../shared/price-format.ts';

/** Decimals of a token's price scale. They only grow while the token is shown, so that the axis does not jump. */
export class ScaleDecimals {
  #decimals = 0;

  /** Another token is shown. */
  reset(): void {
    this.#decimals = 0;
  }

  /** Takes in bars that are drawn; says how many decimals the scale needs from now on, `null` when that did not change. */
  fit(bars: readonly Bar[]): number | null {
    const last = bars.at(-1);
    if (last === undefined) return null;
    let seen = 0;
    for (const bar of bars) seen = Math.max(seen, decimalsOf(bar.close), decimalsOf(bar.open));
    const decimals = Math.max(this.#decimals, axisDecimals(last.close, seen));
    if (decimals === this.#decimals) return null;
    this.#decimals = decimals;
    return decimals;
  }
}
