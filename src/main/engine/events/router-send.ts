import { messageOf, TenhertzError } from '../errors.ts';
import type { Published } from './event.ts';
import type { Publisher } from './publisher.ts';
import type { Item } from './router-lanes.ts';

/** What Redis did not answer, in order, and why. */
export interface Unanswered {
  unanswered: Item[];
  trouble?: unknown;
}

/**
 * Publishes events of one channel together and settles each: resolves what is written, rejects what Redis refused. What
 * remains was not answered, because Redis is away or the connection broke; it can be sent again, since its id is fixed.
 */
export async function sendBatch(
  publisher: Pick<Publisher, 'publish' | 'publishMany'>,
  items: readonly Item[],
): Promise<Unanswered> {
  if (items.length === 1) return oneByOne(publisher, items);
  try {
    return { unanswered: settle(items, await publisher.publishMany(items.map(item => item.event))) };
  } catch (error) {
    if (!isTenhertz(error, 'PUBLISH_FAILED') && !isTenhertz(error, 'BAD_EVENT'))
      return { unanswered: [...items], trouble: error };
    // Which of them were refused, and which not answered, each tells when it is asked alone.
    const { published } = error.facts;
    return oneByOne(publisher, settle(items, Array.isArray(published) ? (published as Published[]) : []));
  }
}

async function oneByOne(publisher: Pick<Publisher, 'publish'>, items: readonly Item[]): Promise<Unanswered> {
  for (const [index, item] of items.entries()) {
    try {
      item.resolve({ ...(await publisher.publish(item.event)), dropped: false });
    } catch (error) {
      if (!isRefusal(error)) return { unanswered: items.slice(index), trouble: error };
      item.reject(error);
    }
  }
  return { unanswered: [] };
}

/** Resolves the items that were published; an id that came twice has two results. Gives the others, in order. */
function settle(items: readonly Item[], published: readonly Published[]): Item[] {
  let next = 0;
  return items.filter(item => {
    const result = published[next];
    if (result?.eventId !== item.event.eventId) return true;
    next += 1;
    item.resolve({ ...result, dropped: false });
    return false;
  });
}

/** The server itself said no, for good; trying again would not help. */
function isRefusal(error: unknown): error is TenhertzError {
  if (isTenhertz(error, 'BAD_EVENT') || isTenhertz(error, 'POOL_CLOSED')) return true;
  return (
    isTenhertz(error, 'PUBLISH_FAILED') &&
    error.facts['answered'] === true &&
    !/^(LOADING|READONLY|TRYAGAIN|CLUSTERDOWN)/.test(messageOf(error.cause))
  );
}

function isTenhertz(error: unknown, code: string): error is TenhertzError {
  return error instanceof TenhertzError && error.code === code;
}
