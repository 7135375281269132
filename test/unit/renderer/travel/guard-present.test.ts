import { expect, test } from 'vitest';
import type { Link } from '../../../../src/renderer/bridge/link.ts';
import { COMMAND_KINDS } from '../../../../src/renderer/travel/command-kinds.ts';
import { guardPresent } from '../../../../src/renderer/travel/guard-present.ts';
import { createTravel } from '../../../../src/renderer/travel/travel.ts';
import { browserClock } from '../../../../src/renderer/time/clock.ts';
import type { CommandName, Commands } from '../../../../src/shared/contract.ts';
import { NOON } from '../support.ts';

// What the engine answers, asked of the engine itself: the page's own type check does not reach it.
const engine = new URL('../../../../src/main/engine/commands.ts', import.meta.url).href;
const { COMMAND_NAMES } = (await import(engine)) as { COMMAND_NAMES: readonly CommandName[] };

function start() {
  const asked: CommandName[] = [];
  const told: string[] = [];
  const live: Link = {
    invoke(command) {
      asked.push(command);
      return Promise.resolve(null as never);
    },
    on: () => () => told.push('off'),
    onConnect(listener) {
      listener();
      return () => undefined;
    },
    close: () => void told.push('closed'),
  };
  const travel = createTravel({ link: live, clock: browserClock, now: () => NOON });
  const link = guardPresent(live, travel, () => NOON);
  const goBack = (): void => travel.state.setState({ when: 'past', at: NOON - 3_600_000 });
  return { link, travel, asked, told, goBack };
}

const ofKind = (wanted: (kind: (typeof COMMAND_KINDS)[CommandName]) => boolean): CommandName[] =>
  COMMAND_NAMES.filter(name => wanted(COMMAND_KINDS[name]));
const CHANGES = ofKind(kind => typeof kind === 'object');

test('every command of the engine has its kind, and there is no kind without a command', () => {
  expect(Object.keys(COMMAND_KINDS).toSorted()).toEqual([...COMMAND_NAMES].toSorted());
  expect(CHANGES).toEqual(
    expect.arrayContaining([
      'alerts.snooze',
      'alerts.mute',
      'tokens.order',
      'settings.write',
      'dead.requeue',
    ]),
  );
});

test.each(CHANGES)(
  '%s would change the present and is refused from the past, on the notice too',
  async name => {
    const { link, travel, asked, goBack } = start();
    goBack();
    const words = /^You are looking at .+\. Press Escape to return to now, then [a-z ]+\.$/;
    const invoke = (): Promise<unknown> => link.invoke(name, {});
    await expect(invoke()).rejects.toMatchObject({
      code: 'IN_THE_PAST',
      message: expect.stringMatching(words) as string,
    });
    expect(asked).toEqual([]);
    expect(travel.state.getState().refused).toMatch(words);
    travel.backToNow();
    expect(travel.state.getState().refused).toBeNull();
    await invoke();
    expect(asked).toEqual([name]);
  },
);

test.each(ofKind(kind => typeof kind === 'string'))('%s goes through from the past', async name => {
  const { link, travel, asked, goBack } = start();
  goBack();
  await link.invoke(name, {});
  expect(asked).toEqual([name]);
  expect(travel.state.getState().refused).toBeNull();
});

test('a refusal is gone with the next move, and all else of the line is as it is', async () => {
  const { link, travel, told, goBack } = start();
  goBack();
  const mute: Commands['alerts.mute']['args'] = { until: null };
  await expect(link.invoke('alerts.mute', mute)).rejects.toThrow(/then mute the alerts\./);
  travel.play(2);
  expect(travel.state.getState().refused).toBeNull();
  travel.stop();
  link.on('feed.batch', () => undefined)();
  let connects = 0;
  link.onConnect(() => (connects += 1));
  link.close();
  expect([told, connects]).toEqual([['off', 'closed'], 1]);
});
