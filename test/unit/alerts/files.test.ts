import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChannelMarks } from '../../../src/main/engine/alerts/channel-marks.ts';
import { AlertFiles } from '../../../src/main/engine/alerts/files.ts';
import { Keeper } from '../../../src/main/engine/alerts/keeper.ts';
import { LimitedLog, silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { Events, folder, openDesk } from './desk.ts';

const ABOVE = { kind: 'price', token: 'SOL', direction: 'above', level: '150' } as const;
const journal = (dir: string): string => {
  const name = readdirSync(dir).find(one => /^state-\d+\.ndjson$/.test(one));
  if (name === undefined) throw new Error('no journal');
  return join(dir, name);
};

describe('files that cannot be read', () => {
  it('a line that was not written to its end is left out: it was not acknowledged', () => {
    const dir = folder();
    const desk = openDesk(dir);
    const events = new Events();
    desk.save(ABOVE);
    desk.apply([events.price('SOL', '149')]);
    writeFileSync(journal(dir), '{"rules":{"torn', { flag: 'a' });
    const again = openDesk(dir);
    expect(again.alerts.news.summary().problem).toBeNull();
    again.apply([events.price('SOL', '150')]);
    expect(again.rung).toHaveLength(1);
  });

  it('a damaged line is said, kept, and left out', () => {
    const dir = folder();
    openDesk(dir).save(ABOVE);
    const file = journal(dir);
    writeFileSync(
      file,
      `not json\n{"channels":{"x":{"position":"nonsense"}}}\n${readFileSync(file, 'utf8')}`,
    );
    const { problem } = openDesk(dir).alerts.news.summary();
    expect(problem).toMatch(
      /^2 notes about what alerts have seen could not be read; the file is kept as state-\d+/,
    );
    expect(readdirSync(dir).some(name => name.includes('.broken-'))).toBe(true);
  });

  it('of damaged rules the readable ones stay', () => {
    const dir = folder();
    const desk = openDesk(dir);
    desk.save(ABOVE, { name: 'Good' });
    desk.save(ABOVE, { name: 'Bad' });
    const file = join(dir, 'rules.json');
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { rules: { name: unknown }[]; settings: unknown };
    const bad = kept.rules[1];
    if (bad) bad.name = 7;
    writeFileSync(file, JSON.stringify(kept));
    const one = openDesk(dir).alerts;
    expect(one.handlers['alerts.list']({}).rules.map(({ rule }) => rule.name)).toEqual(['Good']);
    expect(one.news.summary().problem).toMatch(
      /^1 of 2 alerts could not be read and is kept as rules\.json\.broken/,
    );
    writeFileSync(file, JSON.stringify({ ...kept, rules: [], settings: 'loud' }));
    expect(openDesk(dir).alerts.news.summary().problem).toMatch(/^Mute and quiet hours could not be read/);
  });

  it('where nothing of them can be read, those before the last change are taken, else there are none', () => {
    const dir = folder();
    const desk = openDesk(dir);
    desk.save(ABOVE, { name: 'First' });
    desk.save(ABOVE, { name: 'Second' });
    writeFileSync(join(dir, 'rules.json'), '{');
    const { alerts } = openDesk(dir);
    expect(alerts.handlers['alerts.list']({}).rules.map(({ rule }) => rule.name)).toEqual(['First']);
    expect(alerts.news.summary().problem).toContain('The alerts in rules.json could not be read');
    writeFileSync(join(dir, 'rules.json'), '{');
    writeFileSync(join(dir, 'rules.previous.json'), '[]');
    expect(openDesk(dir).alerts.handlers['alerts.list']({}).rules).toEqual([]);
  });
});

describe('a disk that takes nothing', () => {
  const keeperOn = (dir: string) => {
    const clock = new ManualClock();
    const files = new AlertFiles(dir, { clock, log: silentLogger });
    files.load();
    return { files, keeper: new Keeper(files, new LimitedLog(silentLogger, clock), () => ({ full: true })) };
  };

  it('is said on the screen; what rings goes on ringing, and a new journal begins when it takes something again', () => {
    const dir = join(folder(), 'alerts');
    const { files, keeper } = keeperOn(dir);
    expect(keeper.keep({ full: true })).toBe(false);
    expect(keeper.problem).toBeNull();
    rmSync(dir, { recursive: true });
    files.close();
    expect(keeper.keep({})).toBe(true);
    expect(keeper.problem).toMatch(/^What alerts have seen cannot be written to disk \(ENOENT/);
    expect(keeper.keep({})).toBe(false);
    mkdirSync(dir);
    expect(keeper.keep({})).toBe(true);
    expect(keeper.problem).toBeNull();
  });

  it('refuses a change of the rules, which then is not made', () => {
    const dir = join(folder(), 'alerts');
    const desk = openDesk(dir);
    desk.save(ABOVE);
    rmSync(dir, { recursive: true });
    expect(() => desk.save(ABOVE)).toThrow(expect.objectContaining({ code: 'ALERTS_NOT_KEPT' }));
    expect(desk.alerts.handlers['alerts.list']({}).rules).toHaveLength(1);
    expect(desk.alerts.news.summary().problem).toBeNull();
  });

  it('has the journal synced a second after it was written, and begun anew when it is long', async () => {
    const dir = folder();
    const clock = new ManualClock();
    const files = new AlertFiles(dir, { clock, log: silentLogger });
    files.load();
    expect(() => files.append({})).toThrow('not open');
    files.restart({ full: true });
    const first = journal(dir);
    files.append({ holds: false });
    await clock.advance(2_000);
    expect(files.full).toBe(false);
    const long = 'x'.repeat(1_000_000);
    for (let turn = 0; turn < 5; turn += 1) files.append({ markets: { [long]: 'live' } });
    expect(files.full).toBe(true);
    files.restart({ full: true });
    expect(journal(dir)).not.toBe(first);
    files.close();
    files.close();
    expect(clock.pending).toBe(0);
  });
});

describe('the places in the channels', () => {
  const seq = (events: Events, sequence: number) => Object.assign(events.price('SOL', '1'), { sequence });

  it('an entry that was missing and comes later is news, once, also after a restart', () => {
    const events = new Events();
    const marks = new ChannelMarks();
    const [one, late, three, four] = [1, 2, 3, 4].map(sequence => seq(events, sequence));
    if (!one || !late || !three || !four) throw new Error('no events');
    for (const event of [one, four]) marks.take(event, 'live');
    const after = new ChannelMarks();
    for (const [channel, mark] of Object.entries(marks.all())) after.restore(channel, mark);
    expect(after.take(one, 'snapshot')).toBe('known');
    expect(after.take(four, 'live')).toBe('known');
    expect(after.take(late, 'live')).toBe('new');
    expect(after.take(late, 'live')).toBe('known');
    expect(after.take(three, 'snapshot')).toBe('new');
    expect(after.all()['price-updates']?.holes).toEqual([]);
    expect(after.changes()).toHaveProperty('price-updates');
    expect(after.changes()).toBeUndefined();
  });

  it('of a channel never looked at, a snapshot is the past', () => {
    const events = new Events();
    const marks = new ChannelMarks();
    expect(marks.take(events.price('SOL', '1'), 'snapshot')).toBe('past');
    expect(marks.take(events.price('SOL', '1'), 'live')).toBe('new');
    expect(marks.take(events.price('SOL', '1', { channel: 'prices:sol', sequence: null }), 'live')).toBe(
      'new',
    );
  });

  it('remember a bounded number of holes', () => {
    const events = new Events();
    const marks = new ChannelMarks();
    for (let turn = 0; turn < 300; turn += 1) marks.take(seq(events, turn * 3), 'live');
    expect(marks.all()['price-updates']?.holes).toHaveLength(256);
  });

  it('what is older than a rule does not make it fire, whichever way it comes', () => {
    const dir = folder();
    const desk = openDesk(dir);
    const events = new Events();
    events.at -= 600_000;
    desk.save(ABOVE);
    desk.apply([events.price('SOL', '149'), events.price('SOL', '151')], 'snapshot');
    expect(desk.rung).toEqual([]);
    events.at += 700_000;
    desk.apply([events.price('SOL', '149'), events.price('SOL', '151')], 'snapshot');
    expect(desk.rung).toHaveLength(1);
  });
});
