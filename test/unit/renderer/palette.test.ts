import { describe, expect, it, vi } from 'vitest';
import type { Command } from '../../../src/renderer/commands/command.ts';
import { commandEntries, inOrder, tokenEntries } from '../../../src/renderer/palette/entries.ts';
import { createDeskDocuments, SAVE_AFTER_MS } from '../../../src/renderer/state/desk-documents.ts';
import { createView } from '../../../src/renderer/state/view-store.ts';
import { keepScreenDocument } from '../../../src/renderer/theme/theme.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { TestLink } from './support.ts';

function command(id: string, over: Partial<Command> = {}): Command {
  return { id, title: id, section: 'Panes', run: vi.fn(), ...over };
}

describe("the palette's lines", () => {
  it('are commands that make sense, with their keys, and tokens', () => {
    const select = vi.fn();
    const commands = [
      command('palette.open'),
      command('a', { keys: 'F2' }),
      command('b', { when: () => false }),
      command('c'),
    ];
    expect(commandEntries(commands, { c: 'F9' }, false).map(({ id, key }) => [id, key])).toEqual([
      ['a', 'F2'],
      ['c', 'F9'],
    ]);
    const [sol] = tokenEntries(['SOL'], select);
    expect(sol).toMatchObject({ title: 'SOL / USD', section: 'Tokens' });
    sol?.run();
    expect(select).toHaveBeenCalledWith('SOL');
  });

  it('stand with those used last first, each once', () => {
    const entries = commandEntries(
      [command('a'), command('b'), command('h', { section: 'Help' })],
      {},
      false,
    );
    const shown = inOrder(entries, ['h', 'gone', 'b']).map(({ heading, entries: lines }) => [
      heading,
      lines.map(({ id }) => id),
    ]);
    expect(shown).toEqual([
      ['Recent', ['h', 'b']],
      ['Panes', ['a']],
    ]);
  });
});

describe('the document of the screen', () => {
  it('brings look, welcome and last entries, and is written when one of them changes', async () => {
    vi.useFakeTimers();
    const link = new TestLink();
    link.answers['desk.read'] = () => ({
      value: { theme: 'light', welcomed: true, recent: ['a', 7] },
      problem: null,
    });
    const view = createView({ theme: 'dark' });
    const kept = keepScreenDocument(
      view,
      createDeskDocuments(link, browserClock).open('screen', () => {}),
    );
    view.setState({ theme: 'dark', density: 'compact' });
    await kept.load();
    await kept.load();
    expect(view.getState()).toMatchObject({
      theme: 'light',
      welcomed: true,
      recent: ['a'],
      density: 'compact',
    });
    view.setState({ dialog: { kind: 'welcome' } });
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    expect(link.count('desk.write')).toBe(0);
    view.setState({ colours: 'blue-orange' });
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    expect(link.calls.at(-1)?.args).toMatchObject({
      value: { theme: 'light', colours: 'blue-orange', welcomed: true },
    });
    kept.stop();
    vi.useRealTimers();
  });

  it('is left alone while there is no line to the engine', async () => {
    const link = new TestLink();
    link.answers['desk.read'] = () => {
      throw new Error('no line');
    };
    const view = createView({ theme: 'dark' });
    const kept = keepScreenDocument(
      view,
      createDeskDocuments(link, browserClock).open('screen', () => {}),
    );
    await kept.load();
    expect(view.getState().welcomed).toBeNull();
    kept.stop();
  });
});
