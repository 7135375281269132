import type { AlertDelivery, AlertSettings } from '../../../shared/alerts.ts';
import type { EpochMs } from '../../../shared/contract.ts';
import type { Cancel, Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { LimitedLog } from '../logger.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { isQuiet } from './quiet.ts';
import type { Cause, Watched } from './watched.ts';
import { deliveryText, nameOf, tokenOf } from './words.ts';

export interface RingerDeps {
  clock: Clock;
  log: LimitedLog;
  deliveries: DeliveryLog;
  /** What happened before it happened while the program was away. */
  startedAt: EpochMs;
  settings: () => AlertSettings;
}

/** While it is snoozed, a rule that fires once is written down at most this often. */
const SNOOZED_EVERY_MS = 60_000;

/** Decides what comes of a value that reached its level, and tells of it once it is kept. */
export class Ringer {
  readonly #deps: RingerDeps;
  readonly #listeners = new Set<(delivery: AlertDelivery) => void>();
  #rung: AlertDelivery[] = [];

  constructor(deps: RingerDeps) {
    this.#deps = deps;
  }

  /**
   * A rule's value reached its level. Cooldown and snooze are counted in the time of events, so that the same events come to
   * the same end whenever they are looked at; mute and quiet hours by the clock on the wall.
   */
  reached({ rule, state }: Watched, cause: Cause): void {
    const { happenedAt } = cause;
    if (cause.past && happenedAt < state.armedAt) return;
    if (state.done || happenedAt < state.coolUntil) return;
    const snoozed = rule.snoozedUntil !== null && happenedAt < rule.snoozedUntil;
    const delivery = this.#write({ rule, state }, cause, snoozed);
    if (delivery === undefined) return;
    state.fired += 1;
    if (delivery.suppressed !== null) state.suppressed += 1;
    state.lastFiredAt = happenedAt;
    if (rule.mode.kind === 'rearm') state.coolUntil = happenedAt + rule.mode.cooldownMs;
    else if (snoozed) state.coolUntil = happenedAt + SNOOZED_EVERY_MS;
    else state.done = true;
  }

  /** Rings as the rule would. It is not counted, and it is told at once by {@link Ringer.tell}. */
  test({ rule, state }: Watched): AlertDelivery {
    const now = this.#deps.clock.now();
    const snoozed = rule.snoozedUntil !== null && now < rule.snoozedUntil;
    const cause = { eventId: null, happenedAt: now, past: false, value: 'test' };
    const delivery = this.#write({ rule, state }, cause, snoozed, true);
    if (delivery === undefined) throw new Error('A test is never written down twice.');
    return delivery;
  }

  /** What rang since this was last asked, to be kept and then told. */
  taken(): AlertDelivery[] {
    return this.#rung.splice(0);
  }

  tell(rung: readonly AlertDelivery[]): void {
    for (const delivery of rung) {
      for (const listener of [...this.#listeners]) {
        try {
          listener(delivery);
        } catch (error) {
          this.#deps.log.warn('ring', { reason: messageOf(error) }, 'an alert could not be shown');
        }
      }
    }
  }

  onDelivery(listener: (delivery: AlertDelivery) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #write(
    { rule }: Pick<Watched, 'rule' | 'state'>,
    { eventId, happenedAt, value }: Cause,
    snoozed: boolean,
    test = false,
  ): AlertDelivery | undefined {
    const { clock, deliveries, startedAt, settings } = this.#deps;
    const at = clock.now();
    const whileAway = happenedAt < startedAt;
    const own = eventId ?? `${test ? 'test' : value} ${at} ${test ? deliveries.head : ''}`.trim();
    const delivery = deliveries.add({
      id: `${rule.id}/${own}`,
      ruleId: rule.id,
      name: nameOf(rule),
      kind: rule.condition.kind,
      token: tokenOf(rule.condition),
      at,
      happenedAt,
      eventId,
      value,
      text: deliveryText(rule, value, { whileAway, test }),
      whileAway,
      test,
      suppressed: snoozed ? 'snooze' : reasonToBeSilent(settings(), at),
      sound: rule.sound,
      notify: rule.notify,
      acknowledgedAt: null,
    });
    if (delivery !== undefined) this.#rung.push(delivery);
    return delivery;
  }
}

function reasonToBeSilent(
  { muteUntil, quietHours }: AlertSettings,
  at: EpochMs,
): AlertDelivery['suppressed'] {
  if (muteUntil !== null && at < muteUntil) return 'mute';
  return isQuiet(quietHours, at) ? 'quiet hours' : null;
}
