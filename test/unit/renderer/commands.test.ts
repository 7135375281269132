// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  bindingFrom,
  bindingOf,
  conflictsOf,
  firesWhileTyping,
  isTyping,
  keyText,
  refuseBinding,
  sameKey,
} from '../../../src/renderer/commands/bindings.ts';
import { createCommands, type Command } from '../../../src/renderer/commands/command.ts';
import { createKeys, readOverrides } from '../../../src/renderer/commands/keys.ts';
import { createDeskDocuments, SAVE_AFTER_MS } from '../../../src/renderer/state/desk-documents.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { TestLink } from './support.ts';

function command(id: string, over: Partial<Command> = {}): Command {
  return { id, title: id, section: 'Panes', run: vi.fn(), ...over };
}

function press(key: string, over: KeyboardEventInit = {}, target: EventTarget = window): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...over });
  target.dispatchEvent(event);
  return event;
}

describe('the commands', () => {
  it('run when they are there and make sense', () => {
    const commands = createCommands();
    const one = command('one');
    const undo = commands.add([one, command('never', { when: () => false })]);
    expect([commands.run('one'), commands.run('never'), commands.run('other')]).toEqual([true, false, false]);
    expect(one.run).toHaveBeenCalledOnce();
    expect(() => commands.add([command('one')])).toThrow('two commands called one');
    undo();
    expect(commands.find('one')).toBeUndefined();
  });

  it('are made of words by those who understand them', () => {
    const commands = createCommands();
    const undo = commands.suggest(query => (query.startsWith('alert') ? [command('made')] : []));
    expect(commands.suggestions('alert sol').map(({ id }) => id)).toEqual(['made']);
    expect(commands.suggestions('sol')).toEqual([]);
    undo();
    expect(commands.suggestions('alert sol')).toEqual([]);
  });
});

describe('keys', () => {
  it('are the default until another one is chosen, or none', () => {
    const one = command('one', { keys: 'Alt+KeyM' });
    expect(bindingOf(one, {})).toBe('Alt+KeyM');
    expect(bindingOf(one, { one: 'F2' })).toBe('F2');
    expect(bindingOf(one, { one: null })).toBeNull();
    expect(bindingOf(command('two'), {})).toBeNull();
  });

  it('that are used twice are named with their rivals, however they are written', () => {
    const all = [
      command('a', { keys: 'Alt+Shift+KeyM' }),
      command('b', { keys: 'shift+alt+m' }),
      command('c', { keys: 'F2' }),
      command('d'),
    ];
    expect(Object.fromEntries(conflictsOf(all, {}))).toEqual({ a: ['b'], b: ['a'] });
    expect(conflictsOf(all, { b: null }).size).toBe(0);
    expect(sameKey('Ctrl+KeyK')).toBe('control+k');
  });

  it('are written for people', () => {
    expect(keyText('$mod+KeyK', false)).toBe('Ctrl K');
    expect(keyText('$mod+KeyK', true)).toBe('⌘ K');
    expect(keyText('Alt+Shift+ArrowRight', false)).toBe('Alt Shift →');
    expect(keyText('Digit1', false)).toBe('1');
    expect(keyText('F6', false)).toBe('F6');
  });

  it('are read from what is pressed', () => {
    const from = (key: string, over: KeyboardEventInit = {}, mac = false): string | null =>
      bindingFrom(new KeyboardEvent('keydown', { key, ...over }), mac);
    expect(from('Shift', { shiftKey: true })).toBeNull();
    expect(from('k', { code: 'KeyK', ctrlKey: true })).toBe('$mod+KeyK');
    expect(from('µ', { code: 'KeyM', altKey: true, shiftKey: true })).toBe('Alt+Shift+KeyM');
    expect(from('m', { code: 'KeyM' })).toBe('m');
    expect(from('F2', { metaKey: true })).toBe('Meta+F2');
    expect(from('k', { code: 'KeyK', metaKey: true, ctrlKey: true }, true)).toBe('$mod+Control+KeyK');
    expect(refuseBinding('Tab')).toContain('needed');
    expect(refuseBinding(' ')).toContain('Space');
    expect(refuseBinding('F2')).toBeNull();
  });

  it('never fire while the trader types, but for Ctrl, Command and function keys', () => {
    expect(['$mod+KeyK', 'F6', 'Shift+F6', 'Alt+KeyM', 'm'].map(firesWhileTyping)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    const editable = document.createElement('div');
    Object.defineProperty(editable, 'isContentEditable', { value: true });
    expect(
      [document.createElement('input'), editable, document.createElement('p'), null].map(target =>
        isTyping(target, 'm'),
      ),
    ).toEqual([true, true, false, false]);
  });

  it('fire from a checkbox or a slider, but for those that move or press it', () => {
    for (const type of ['checkbox', 'radio', 'range']) {
      const input = Object.assign(document.createElement('input'), { type });
      expect(['a', '/', 'ArrowLeft', ' ', 'Home'].map(key => isTyping(input, key))).toEqual([
        false,
        false,
        true,
        true,
        true,
      ]);
    }
  });
});

describe('the keys of the screen', () => {
  const link = new TestLink();
  const documents = createDeskDocuments(link, browserClock);
  const open = () => {
    const commands = createCommands();
    const keys = createKeys(
      commands,
      documents.open('keys', () => {}),
    );
    return { commands, keys, stop: keys.listen(window) };
  };
  let made: ReturnType<typeof open>;
  beforeEach(() => {
    vi.useFakeTimers();
    link.calls.length = 0;
    link.answers['desk.read'] = () => ({
      value: { version: 1, bindings: { kept: 'F3', odd: 7 } },
      problem: null,
    });
    made = open();
  });
  afterEach(() => {
    made.stop();
    vi.useRealTimers();
  });

  it('run their commands, and take the key from the browser only then', () => {
    const one = command('one', { keys: 'F2' });
    const never = command('never', { keys: 'F4', when: () => false });
    made.commands.add([one, never]);
    expect(press('F2').defaultPrevented).toBe(true);
    expect(press('F4').defaultPrevented).toBe(false);
    expect(one.run).toHaveBeenCalledOnce();
    made.stop();
    press('F2');
    expect(one.run).toHaveBeenCalledOnce();
  });

  it('leave typing alone, and everything while a key is being chosen', () => {
    const one = command('one', { keys: 'm' });
    made.commands.add([one]);
    const input = document.createElement('input');
    document.body.append(input);
    press('m', {}, input);
    const letGo = made.keys.hold();
    press('m');
    letGo();
    letGo();
    expect(one.run).not.toHaveBeenCalled();
    press('m');
    expect(one.run).toHaveBeenCalledOnce();
  });

  it('can be changed, taken away and brought back, and are kept', async () => {
    await made.keys.load();
    await made.keys.load();
    expect(made.keys.store.getState().overrides).toEqual({ kept: 'F3' });
    const one = command('one', { keys: 'F2' });
    made.commands.add([one, command('kept')]);
    made.keys.bind('one', 'F8');
    press('F2');
    expect(one.run).not.toHaveBeenCalled();
    press('F8');
    expect(one.run).toHaveBeenCalledOnce();
    made.keys.bind('kept', null);
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    expect(link.calls.at(-1)).toEqual({
      command: 'desk.write',
      args: { name: 'keys', value: { version: 1, bindings: { kept: null, one: 'F8' } } },
    });
    made.keys.reset('one');
    expect(made.keys.store.getState().overrides).toEqual({ kept: null });
    made.keys.reset();
    expect(made.keys.store.getState().overrides).toEqual({});
  });

  it('are not written while it is not known what was kept', async () => {
    link.answers['desk.read'] = () => {
      throw new Error('no line');
    };
    await made.keys.load();
    made.keys.bind('one', 'F8');
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    expect(link.count('desk.write')).toBe(0);
  });

  it('that were kept in another form are the defaults', () => {
    expect([null, 7, {}, { bindings: 7 }].map(readOverrides)).toEqual([{}, {}, {}, {}]);
  });
});
