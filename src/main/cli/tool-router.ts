import type { Settings } from '../engine/config/settings.ts';
import { messageOf, TenhertzError } from '../engine/errors.ts';
import type { Routed } from '../engine/events/event.ts';
import { createPublisher, type Publisher } from '../engine/events/publisher.ts';
import { createRouter, type OutgoingEvent, type Router } from '../engine/events/router.ts';
import { openLedgerParts, type LedgerParts } from '../engine/ledger-parts.ts';
import { channelModes } from '../engine/ledger/channel-modes.ts';
import { readLedgerSettings } from '../engine/ledger/settings.ts';
import { publishedEvent } from '../engine/ledger/published-event.ts';
import type { Tool } from './tool.ts';

/** The way of a command's events to their streams. */
export interface ToolRouter {
  /**
   * As {@link Router.publish}. The first event of a strict channel opens the ledger, and rejects with why that cannot be used;
   * with a ledger that is off by choice strict channels are published as all others.
   */
  publish(channel: string, event: OutgoingEvent): Promise<Routed>;
  /** Rejects what was not handed over yet. */
  close(): void;
  /** Waits until what was published is recorded, where the ledger is open; at most a few seconds. */
  end(): Promise<void>;
}

/** A file of prices is published whole: it was not asked for the newest ones only. */
const POLICIES = [{ pattern: '*', atLimit: 'wait' }] as const;

/**
 * Makes the router of a command. Events of other channels are recorded too where the ledger is open, or is a server of the user's; else
 * the next desk records them from their streams: the embedded ledger is not started for them.
 */
export function createToolRouter(tool: Tool, settings: Settings): ToolRouter {
  const { pool, clock, metrics, log } = tool;
  const modeOf = channelModes(settings.ledger.modes);
  const publisher: Publisher = createPublisher({ pool, clock, metrics });
  const plain = createRouter({ publisher, clock, metrics, log, policies: POLICIES });
  const named = readLedgerSettings({
    flag: settings.postgres,
    env: settings.env,
    file: settings.postgresInFile,
  });
  let parts: LedgerParts | undefined;
  let opening: Promise<Router> | undefined;
  let closed = false;

  /** The router of strict channels: the plain one where the ledger is off. */
  const strictly = (): Promise<Router> => (opening ??= open());
  const open = async (): Promise<Router> => {
    try {
      const database = await tool.ledger();
      parts = openLedgerParts({
        settings,
        database,
        pool,
        publisher,
        clock,
        log,
        metrics,
        policies: POLICIES,
      });
      if (closed) parts.router.close();
      return parts.router;
    } catch (error) {
      if (error instanceof TenhertzError && error.code === 'LEDGER_OFF') return plain;
      throw error;
    }
  };

  if (named.kind === 'external') {
    strictly().catch((error: unknown) =>
      log.warn({ reason: messageOf(error) }, 'The ledger is away; desks record from the streams later'),
    );
  }

  return {
    async publish(channel, event) {
      if (modeOf(channel) === 'strict') return (await strictly()).publish(channel, event);
      const timestamp = event.timestamp ?? clock.now();
      const routed = await plain.publish(channel, { ...event, timestamp });
      if (!routed.dropped && !routed.duplicate) {
        const recorded = publishedEvent(channel, { ...event, timestamp }, routed);
        // Also what was published while the ledger is still being opened.
        void opening?.then(
          () => parts?.record([recorded], 'live'),
          () => undefined,
        );
      }
      return routed;
    },
    close() {
      closed = true;
      plain.close();
      parts?.router.close();
    },
    async end() {
      await opening?.catch(() => undefined);
      plain.close();
      await parts?.stop();
    },
  };
}
