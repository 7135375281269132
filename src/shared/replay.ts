import type { EpochMs } from './contract.ts';

/** Which part of a channel is to be replayed. Times are Redis' own of the entries, not the producers'. */
export interface ReplayQuery {
  channel: string;
  since: EpochMs;
  /** Inclusive; `null`: up to the last entry there is when the replay starts. */
  until: EpochMs | null;
  /** Times the original pace; `null`: as fast as it is read. */
  speed: number | null;
}

/** One line of a replay, as `tenhertz replay` and `GET /replay` write it. */
export interface ReplayLine {
  event_id: string;
  event_type: string;
  channel: string;
  source: string;
  /** RFC 3339, UTC. */
  timestamp: string;
  /** `null` for an entry of a producer that writes none. */
  sequence_number: number | null;
  /** The entry's id in its stream. */
  id: string;
  data: unknown;
}
