import type { CommandName, Commands, EpochMs } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';

/**
 * The engine as panes of the past see it: bars and entries are those before the moment. No batch comes by it. Everything
 * else is asked as it is; what would change the present is refused by the line below it (`guardPresent`).
 *
 * @param at the moment on the screen, asked for with each command
 */
export function pastLink(link: Link, at: () => EpochMs): Link {
  const invoke = async (command: CommandName, args: unknown): Promise<unknown> => {
    if (command === 'chart.bars') {
      const { tokens, interval, limit } = args as Commands['chart.bars']['args'];
      const lists = tokens.map(async token => {
        const { bars } = await link.invoke('chart.history', { token, interval, before: at() + 1, limit });
        return [token, bars] as const;
      });
      return Object.fromEntries(await Promise.all(lists));
    }
    if (command === 'chart.trades') {
      const asked = args as Commands['chart.trades']['args'];
      return link.invoke(command, { ...asked, until: Math.min(asked.until, at() + 1) });
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
