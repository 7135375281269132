import type { CommandName, EpochMs } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';
import { formatNear } from '../format/times.ts';
import { COMMAND_KINDS } from './command-kinds.ts';
import type { Travel } from './travel.ts';

/**
 * The line to the engine for everything the trader does: while the screen shows the past, a command that would change the present is
 * refused with `IN_THE_PAST`, and the notice of the past says so, whoever asked. All else goes through as it is.
 */
export function guardPresent(link: Link, travel: Pick<Travel, 'state'>, now: () => EpochMs): Link {
  const invoke = async (command: CommandName, args: unknown): Promise<unknown> => {
    const kind = COMMAND_KINDS[command];
    const { when, at } = travel.state.getState();
    if (when === 'past' && typeof kind === 'object') {
      const refusal = new InThePast(formatNear(at, now()), kind.then);
      travel.state.setState({ refused: refusal.message });
      throw refusal;
    }
    return link.invoke(command, args as never);
  };
  return {
    invoke: invoke as Link['invoke'],
    on: (event, listener) => link.on(event, listener),
    onConnect: listener => link.onConnect(listener),
    close: () => link.close(),
  };
}

class InThePast extends Error {
  readonly code = 'IN_THE_PAST';

  constructor(moment: string, then: string) {
    super(`You are looking at ${moment}. Press Escape to return to now, then ${then}.`);
  }
}
