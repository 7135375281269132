import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstDraft, isChange, readDraft, shownDraft } from '../../../src/renderer/settings/drafts.ts';
import { createSettingsForm, CHECK_AFTER_MS } from '../../../src/renderer/settings/settings-form.ts';
import { settingsCommands } from '../../../src/renderer/settings/settings-commands.ts';
import { findsField, SETTING_SECTIONS } from '../../../src/renderer/settings/sections.ts';
import type { SettingField } from '../../../src/shared/settings.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';

const RATE: SettingField = {
  ...{ name: 'updateEveryMs', section: 'rates', label: 'Write prices every', help: 'How often.' },
  ...{ keywords: ['update rate'], kind: 'number', value: 250, hidden: false, effective: 250, from: 'file' },
  ...{ locked: null, fallback: 500, unit: 'ms', min: 50, max: 60_000, whole: true, choices: [] },
  ...{ applies: 'now', pending: false },
};
const field = (part: Partial<SettingField>): SettingField => ({ ...RATE, ...part });

describe('drafts of settings', () => {
  it('begin with what stands in the file, else with what is in use, and never with a secret', () => {
    expect(firstDraft(RATE)).toBe('250');
    expect(firstDraft(field({ value: null, effective: 100 }))).toBe('100');
    expect(firstDraft(field({ locked: 'by flag', effective: 77 }))).toBe('77');
    expect(firstDraft(field({ kind: 'list', value: ['SOL', 'BONK'] }))).toBe('SOL\nBONK');
    expect(firstDraft(field({ kind: 'secret', hidden: true, value: null }))).toBe('');
    expect(firstDraft(field({ kind: 'boolean', value: true }))).toBe(true);
    expect(firstDraft(field({ kind: 'rules', value: null, effective: null }))).toEqual([]);
    expect(shownDraft(RATE, null)).toBe('500');
    expect(shownDraft(RATE, '7')).toBe('7');
  });

  it('are changes only when they would change something', () => {
    expect([isChange(RATE, '250'), isChange(RATE, '251'), isChange(RATE, null)]).toEqual([false, true, true]);
    expect(isChange(field({ value: null }), null)).toBe(false);
    expect(isChange(field({ value: null, hidden: true, kind: 'secret' }), null)).toBe(true);
  });

  it.each<[Partial<SettingField>, string | boolean | null, unknown]>([
    [{}, ' 400 ', { value: 400 }],
    [{}, null, { value: null }],
    [{}, '', { problem: 'Must be a number.' }],
    [{}, '1e9', { problem: 'Must be from 50 to 60000 ms.' }],
    [{}, '60.5', { problem: 'Must be a whole number.' }],
    [{ whole: false, min: 1 / 24, unit: 'days' }, '0.01', { problem: 'Must be from 0.042 to 60000 days.' }],
    [{ kind: 'list' }, 'SOL, BONK\nRAY', { value: ['SOL', 'BONK', 'RAY'] }],
    [{ kind: 'list', min: 1 }, ' , ', { problem: 'Must name at least one.' }],
    [{ kind: 'list', min: null }, ' , ', { value: [] }],
    [{ kind: 'text', fallback: 'auto' }, ' ', { problem: 'Must not be empty.' }],
    [{ kind: 'text', fallback: null }, ' ', { value: null }],
    [{ kind: 'text' }, ' kraken ', { value: 'kraken' }],
    [{ kind: 'boolean' }, false, { value: false }],
  ])('%j: %j is read as %j', (part, draft, read) => {
    expect(readDraft(field(part), draft)).toEqual(read);
  });
});

describe('the form of settings', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks the engine a moment after the last key, and an answer to what was typed before is dropped', async () => {
    const answers: ((problems: unknown) => void)[] = [];
    const invoke = vi.fn((command: string) =>
      command === 'settings.read'
        ? Promise.resolve({ fields: [RATE], path: '', problem: null })
        : new Promise(resolve => answers.push(resolve)),
    );
    const form = createSettingsForm({ invoke: invoke as never }, browserClock);
    await form.load();
    form.edit(RATE, '300');
    form.edit(RATE, '301');
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    expect(invoke).toHaveBeenLastCalledWith('settings.check', { changes: { updateEveryMs: 301 } });
    form.edit(RATE, '302');
    answers[0]?.([{ field: 'updateEveryMs', message: 'Old.' }]);
    await Promise.resolve();
    expect(form.store.getState().problems).toEqual({});
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    answers[1]?.([{ field: 'updateEveryMs', message: 'New.' }]);
    await vi.waitFor(() => expect(form.store.getState().problems).toEqual({ updateEveryMs: 'New.' }));
    form.discard([RATE]);
    expect(form.store.getState()).toMatchObject({ drafts: {}, problems: {} });
    form.edit(RATE, '303');
    form.stop();
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
    expect(answers).toHaveLength(2);
  });

  it('keeps what was typed when it cannot be saved, and says why', async () => {
    const invoke = vi.fn((command: string) =>
      command === 'settings.read'
        ? Promise.resolve({ fields: [RATE], path: '', problem: null })
        : Promise.reject(new Error('The disk is full.')),
    );
    const form = createSettingsForm({ invoke }, browserClock);
    await form.load();
    form.edit(RATE, 'x');
    await form.save([RATE]);
    expect(invoke).toHaveBeenCalledTimes(1);
    form.edit(RATE, '300');
    await form.save([RATE]);
    expect(form.store.getState()).toMatchObject({
      ...{ failed: 'The disk is full.', drafts: { updateEveryMs: '300' }, saving: false, saved: null },
    });
  });

  it('is found by words of labels, names and keywords, and each section is a command', () => {
    expect([findsField('update rate', RATE), findsField('zebra', RATE)]).toEqual([true, false]);
    const go = vi.fn();
    const open = vi.fn();
    const commands = settingsCommands({ go }, { open });
    expect(commands.map(({ title }) => title)).toContain('Settings: sources');
    expect(commands).toHaveLength(SETTING_SECTIONS.length);
    commands[0]?.run();
    expect([go.mock.calls, open.mock.calls]).toEqual([[['sources']], [['settings']]]);
  });
});
