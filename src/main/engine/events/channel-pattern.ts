import { TenhertzError } from '../errors.ts';
import { isChannelName } from './new-event.ts';

/** A channel by its name, or every channel of a form such as `trades:*`. */
export interface ChannelPattern {
  readonly text: string;
  /** False for a plain name. */
  readonly wildcard: boolean;
  readonly matches: (channel: string) => boolean;
}

/** The longest channel name a wildcard finds; a producer of another kind may have used any text. */
const LONGEST = 128;

/**
 * Reads what a desk is told to follow: a channel's name, in which `*` stands for any number of characters. Throws
 * `BAD_PATTERN` that names what is allowed.
 */
export function readPattern(text: string): ChannelPattern {
  // The stars make no difference to what else may be in a name, except that a pattern may begin with one.
  if (!isChannelName(text.replaceAll('*', 'x')) || text.includes('**')) {
    throw new TenhertzError(
      'BAD_PATTERN',
      `"${text.slice(0, LONGEST)}" cannot be followed. Give a channel's name (letters, digits and _ . : @ / -, at most 128, ` +
        'beginning with a letter or digit), with * for any characters: trades:* or positions:user_0001.',
      { exitCode: 2, facts: { pattern: text.slice(0, LONGEST) } },
    );
  }
  if (!text.includes('*')) return { text, wildcard: false, matches: channel => channel === text };
  const escaped = text.replace(/[.*/-]/g, sign => (sign === '*' ? '[^]*' : `\\${sign}`));
  const expression = new RegExp(`^${escaped}$`);
  return {
    text,
    wildcard: true,
    matches: channel => channel.length <= LONGEST && expression.test(channel),
  };
}
