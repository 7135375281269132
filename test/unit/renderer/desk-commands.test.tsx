// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conflictsOf } from '../../../src/renderer/commands/bindings.ts';
import { kindOf, newPaneId, regionName } from '../../../src/renderer/desk/pane-ids.ts';
import { paneKind } from '../../../src/renderer/desk/pane-registry.ts';
import { Monitor, text } from './monitor-harness.tsx';

describe('the commands of the desk', () => {
  let monitor: Monitor;
  beforeEach(async () => {
    monitor = await Monitor.open();
    await monitor.first();
  });
  afterEach(() => monitor.stop());

  const panes = (): string[] => monitor.services.dock.panes();
  const can = (id: string): boolean => monitor.services.commands.find(id)?.when?.() !== false;

  it('have no key twice by default', () => {
    const { commands } = monitor.services.commands.store.getState();
    expect(commands.length).toBeGreaterThan(40);
    expect(Object.fromEntries(conflictsOf(commands, {}))).toEqual({});
  });

  it('open, add, hide and close panes', async () => {
    await monitor.command('open.chart');
    expect(panes()).toEqual(expect.arrayContaining(['chart-1', 'chart-2']));
    await monitor.command('hide.tape');
    expect(panes()).not.toContain('tape');
    expect(can('hide.tape')).toBe(false);
    await monitor.command('open.tape');
    expect(monitor.services.dock.active()).toBe('tape');
    await monitor.command('open.tape');
    expect(panes().filter(id => id === 'tape')).toHaveLength(1);
    await monitor.command('pane.close');
    expect(panes()).not.toContain('tape');
    monitor.services.dock.open('no such kind');
  });

  it('maximise a pane and restore it', async () => {
    await monitor.command('pane.maximise');
    expect(monitor.services.dock.isMaximised()).toBe(true);
    await monitor.command('pane.next');
    await monitor.command('pane.maximise');
    expect(monitor.services.dock.isMaximised()).toBe(false);
  });

  it('move a pane beside another as a tab, through the tabs, and out again', async () => {
    const { dock } = monitor.services;
    act(() => dock.focus('watchlist'));
    const group = (): number => document.querySelectorAll('.dv-groupview').length;
    const before = group();
    await monitor.command('pane.move-right');
    await monitor.command('pane.next-tab');
    await monitor.command('pane.previous-tab');
    await monitor.command('pane.split-left');
    await monitor.command('pane.wider');
    await monitor.command('pane.higher');
    expect(group()).toBeGreaterThanOrEqual(before - 1);
    expect(panes()).toContain('watchlist');
  });

  it('put a pane into a link group', async () => {
    await monitor.command('pane.next');
    act(() => monitor.services.dock.focus('chart-1'));
    await monitor.command('pane.link-C');
    expect(text('.pair')).toBe('RAY / USD');
    await monitor.command('pane.link-none');
    expect(monitor.services.desk.getState().panes['chart-1']).toMatchObject({ group: null, token: 'RAY' });
  });

  it('show layouts, by their place', async () => {
    await monitor.command('layout.show-3');
    expect(panes()).toContain('lag');
    expect(can('layout.show-3')).toBe(false);
    await monitor.command('layout.duplicate');
    expect(monitor.services.commands.find('layout.show-4')?.title).toBe('Layout: Operations copy');
    await monitor.command('layout.delete');
    expect(monitor.services.view.getState().dialog).toEqual({
      kind: 'delete-layout',
      name: 'Operations copy',
    });
    await monitor.command('layout.reset');
    await monitor.command('layout.rename');
    await monitor.command('layout.new');
    expect(text('.dialog-title')).toBe('New layout');
  });

  it('do nothing where there is no dock', () => {
    const { dock } = monitor.services;
    dock.focus('no such pane');
    dock.toggleMaximised('no such pane');
    dock.move('no such pane', 'left');
    dock.split('no such pane', 'left');
    dock.resize('no such pane', {});
    expect(panes()).toContain('watchlist');
  });
});

describe('ids of panes', () => {
  it('name the kind, and a number where there may be many', () => {
    const [chart, tape] = [paneKind('chart'), paneKind('tape')];
    if (chart === undefined || tape === undefined) throw new Error('A kind is missing.');
    expect(kindOf('chart-12')).toBe(chart);
    expect(kindOf('gone-1')).toBeUndefined();
    expect(newPaneId(chart, ['chart-1', 'chart-3'])).toBe('chart-2');
    expect(newPaneId(tape, [])).toBe('tape');
    expect(newPaneId(tape, ['tape'])).toBeNull();
    expect(regionName(chart, 'chart-1', 'SOL')).toBe('Chart');
    expect(regionName(chart, 'chart-2', 'SOL')).toBe('SOL / USD (2)');
    expect(regionName(chart, 'chart-2', null)).toBe('No token (2)');
  });
});
