import type { CommandName, Commands, EpochMs } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';

/** What changes something: it would change the present, while the screen shows the past. */
const CHANGES =
  /^(sources\.use|channels\.|dead\.(requeue|drop)|tokens\.(add|remove|order)|alerts\.(save|remove|test))/;

/**
 * The engine as panes of the past see it: bars and entries are those before the moment, and what would change the present is
 * refused with `IN_THE_PAST`. No batch comes by it. Everything else is asked as it is.
 *
 * @param at the moment on the screen, asked for with each command
 */
export function pastLink(link: Link, at: () => EpochMs): Link {
  const invoke = async (command: CommandName, args: unknown): Promise<unknown> => {
    if (CHANGES.test(command)) throw new InThePast();
    if (command === 'chart.bars') {
      const { tokens, interval, limit } = args as Commands['chart.bars']['args'];
      const lists = tokens.map(async token => {
        const { bars } = await link.invoke('chart.history', { token, interval, before: at() + 1, limit });
        return [token, bars] as const;
      });
      return Object.fromEntries(await Promise.all(lists));
    }
    if (command === 'streams.entries') {
      const { channel, before, limit } = args as Commands['streams.entries']['args'];
      return link.invoke(command, { channel, before: before ?? `${at() + 1}-0`, limit });
    }
    return link.invoke(command, args as never);
  };
  return {
    invoke: invoke as Link['invoke'],
    on: () => () => undefined,
    onConnect: () => () => undefined,
    close: () => undefined,
  };
}

class InThePast extends Error {
  readonly code = 'IN_THE_PAST';

  constructor() {
    super('The screen shows the past. Go back to now (Escape) to change something.');
  }
}
