import type { Token } from '../../shared/contract.ts';
import { MAX_TOKENS, type TokenCheck, type TokensChange } from '../../shared/tokens.ts';
import { changeSettingsFile } from './config/settings-file.ts';
import { messageOf, TenhertzError } from './errors.ts';
import type { Logger } from './logger.ts';
import { resolveTokens, type ResolvedToken } from './sources/tokens.ts';

/** Where the list the program started with came from; only a kept list, or none, is kept again when it changes. */
export type TokensFrom = 'settings' | 'flag' | 'recording';

export interface WatchlistDeps {
  /** What the program started with. */
  tokens: readonly ResolvedToken[];
  from: TokensFrom;
  dataDir: string;
  log: Logger;
  /** Which of the sources in use can price a token, by name. */
  pricedBy: (token: ResolvedToken) => string[];
  /** Called with the new list after every change. */
  onChange: (tokens: readonly ResolvedToken[]) => void;
}

/** The tokens that are watched, in order; changed while running and kept for the next start. */
export interface Watchlist {
  tokens(): readonly Token[];
  /** See the commands of the same names in the contract, whose refusals these throw. */
  check(name: string): TokenCheck;
  add(name: string): Promise<TokensChange>;
  remove(token: Token): Promise<TokensChange>;
  order(tokens: readonly Token[]): Promise<TokensChange>;
  /** Another list, kept by somebody else already. */
  replace(tokens: readonly ResolvedToken[]): void;
}

const SESSION_NOTES = {
  flag: 'The list was given with --tokens, so this holds until the program ends.',
  recording: 'The list came with the recording, so this holds until the program ends.',
} as const;

/** Makes the watchlist described at {@link Watchlist}. A change counts at once; that it cannot be kept is told, not thrown. */
export function createWatchlist(deps: WatchlistDeps): Watchlist {
  let list = [...deps.tokens];
  let names = list.map(({ token }) => token);
  let { from } = deps;

  const found = (name: string): ResolvedToken => {
    const [resolved] = resolveTokens([name]);
    if (resolved === undefined) throw new TenhertzError('UNKNOWN_TOKEN', 'Name a token.');
    if (names.includes(resolved.token))
      throw new TenhertzError('ALREADY_THERE', `${resolved.token} is in the watchlist already.`);
    if (list.length >= MAX_TOKENS)
      throw new TenhertzError(
        'TOO_MANY',
        `A watchlist holds at most ${MAX_TOKENS} tokens; remove one before adding ${resolved.token}.`,
      );
    return resolved;
  };

  const show = (next: readonly ResolvedToken[]): void => {
    list = [...next];
    names = list.map(({ token }) => token);
    deps.onChange(list);
  };

  const change = async (next: ResolvedToken[]): Promise<TokensChange> => {
    show(next);
    const tokens = [...names];
    if (from !== 'settings') return { tokens, kept: false, note: SESSION_NOTES[from] };
    try {
      await changeSettingsFile(deps.dataDir, { tokens });
      return { tokens, kept: true, note: null };
    } catch (error) {
      deps.log.warn({ reason: messageOf(error) }, 'the watchlist was not kept');
      return {
        tokens,
        kept: false,
        note: `The list holds until the program ends; it was not kept: ${messageOf(error)}`,
      };
    }
  };

  return {
    tokens: () => names,
    check(name) {
      const resolved = found(name);
      return { token: resolved.token, mint: resolved.mint, sources: deps.pricedBy(resolved) };
    },
    add: async name => change([...list, found(name)]),
    async remove(token) {
      if (!names.includes(token))
        throw new TenhertzError('NOT_THERE', `${token.slice(0, 80)} is not in the watchlist.`);
      if (list.length === 1)
        throw new TenhertzError(
          'LAST_TOKEN',
          `${token} is the only token left; add another before removing it.`,
        );
      return change(list.filter(one => one.token !== token));
    },
    async order(tokens) {
      const place = new Map(tokens.map((token, index) => [token, index]));
      const rank = ({ token }: ResolvedToken): number => place.get(token) ?? tokens.length;
      return change(list.toSorted((a, b) => rank(a) - rank(b)));
    },
    replace(tokens) {
      from = 'settings';
      show(tokens);
    },
  };
}
