import type { Command } from 'commander';
import type { CliDeps } from './host.ts';
import { dead, type DeadFlags } from './dead.ts';
import { publish, type PublishFlags } from './publish.ts';
import { replay, type ReplayFlags } from './replay.ts';

/** Puts `publish`, `replay` and `dead` on the program. */
export function addEventCommands(program: Command, deps: CliDeps): void {
  program
    .command('publish')
    .description('publishes one event, or NDJSON from stdin')
    .option('--channel <X>', 'the channel, such as trade-events')
    .option('--type <T>', 'the event type, such as trade_executed')
    .option('--data <JSON>', 'what the event carries')
    .option('--event-id <U>', 'a UUID; the same one again within 10 minutes adds nothing')
    .option('--source <S>', 'who says so', 'cli')
    .option('--stdin', 'one event a line: {channel?, type?, data, event_id?, source?, timestamp?}')
    .action(async (_flags: unknown, command: Command) =>
      publish(deps, command.optsWithGlobals<PublishFlags>()),
    );

  program
    .command('replay')
    .description('the events of a channel from a time to a time, as NDJSON')
    .option('--channel <X>', 'the channel')
    .option('--since <T>', 'RFC 3339, epoch milliseconds, or a time ago: -15m, -2h, -1d, -30s')
    .option('--until <T>', 'the same; now when left out')
    .option('--speed <N>', 'N times the original pace; as fast as possible when left out')
    .action(async (_flags: unknown, command: Command) =>
      replay(deps, command.optsWithGlobals<ReplayFlags>()),
    );

  program
    .command('dead')
    .description('lists the dead letters of a channel, puts them back, or drops them')
    .option('--channel <X>', 'the channel; without it: the channels that have any')
    .option('--requeue [ID...]', 'puts these back into their stream')
    .option('--drop [ID...]', 'deletes these')
    .option('--all', 'with --requeue or --drop: all of them; else lists all')
    .option('--json', 'one JSON object')
    .action(async (_flags: unknown, command: Command) => dead(deps, command.optsWithGlobals<DeadFlags>()));
}
