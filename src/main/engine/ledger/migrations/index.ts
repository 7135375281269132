import type { Migration } from 'kysely';
import * as eventLog from './0001-event-log.ts';
import * as strictPublish from './0002-strict-publish.ts';

/** Every step from an empty database to today's, by name in the order they run. A step that has shipped never changes. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-event-log': eventLog,
  '0002-strict-publish': strictPublish,
};
