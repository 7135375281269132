// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { newDraft } from '../../../src/renderer/state/alerts.ts';
import { Charts, ruleOf } from './chart-harness.tsx';

let charts: Charts;

afterEach(async () => {
  await charts.stop();
  for (const chart of charts.opened) expect(chart.told.at(-1)).toBe('removed');
});

const STAGE = '#chart-1 .chart-stage';

describe('alerts on a chart', () => {
  const price = (level: string, over: object = {}) =>
    ruleOf({
      ...newDraft({ kind: 'price', token: 'SOL', direction: 'above', level }),
      id: 'rule-1',
      ...over,
    });
  const LINE = '[role="spinbutton"]';

  it('are added at the crosshair, and a refusal is said', async () => {
    charts = await Charts.open('SOL');
    await charts.key(STAGE, 'a');
    expect(charts.saved[0]?.condition).toEqual({
      kind: 'price',
      token: 'SOL',
      direction: 'below',
      level: '151',
    });
    charts.link.answers['alerts.save'] = () => Promise.reject(new Error('There are too many alerts.'));
    await charts.key(STAGE, 'a');
    expect(charts.text('.chart-message')).toBe('The alert was not added: There are too many alerts.');
  });

  it('are lines that move with the scale and are hidden outside of it', async () => {
    charts = await Charts.open('SOL');
    await charts.rules(price('160'), ruleOf(newDraft({ kind: 'lag', aboveMs: 5 }), 'other'));
    const line = charts.find(LINE);
    expect(document.querySelectorAll(LINE)).toHaveLength(1);
    expect(line.getAttribute('aria-label')).toBe('Alert: SOL crosses above');
    expect(line.getAttribute('aria-valuetext')).toBe('160.00');
    expect(line.getAttribute('data-beyond')).toBe('true');
    Object.defineProperty(line.parentElement, 'clientHeight', { value: 5_000 });
    charts.chart.paint();
    expect(line.getAttribute('data-beyond')).toBe('false');
    expect(line.style.transform).toBe('translateY(4000.0px)');
    expect(charts.find(STAGE).style.getPropertyValue('--axis-width')).toBe('80px');
  });

  it('are dragged, and saved where they are let go', async () => {
    charts = await Charts.open('SOL');
    await charts.rules(price('160'));
    charts.find(LINE).setPointerCapture = () => {};
    await charts.pointer(LINE, 'pointermove', 1_000);
    await charts.pointer(LINE, 'pointerdown', 4_000, 2);
    await charts.pointer(LINE, 'pointerup', 4_000);
    expect(charts.saved).toEqual([]);
    await charts.pointer(LINE, 'pointerdown', 4_000);
    await charts.pointer(LINE, 'pointermove', 3_000);
    await charts.pointer(LINE, 'pointermove', 30_000);
    expect(charts.find(LINE).dataset['phase']).toBe('moving');
    await charts.pointer(LINE, 'pointerup', 3_000);
    expect(charts.saved[0]).toMatchObject({ id: 'rule-1', condition: { level: '170.00' } });
    expect(charts.find(LINE).dataset['phase']).toBe('saving');
    await charts.rules(price('170.00'));
    expect(charts.find(LINE).dataset['phase']).toBe('still');
    await charts.pointer(LINE, 'pointerdown', 3_000);
    await charts.pointer(LINE, 'pointermove', 2_000);
    await charts.pointer(LINE, 'pointercancel', 2_000);
    expect(charts.find(LINE).getAttribute('aria-valuenow')).toBe('170');
    expect(charts.saved).toHaveLength(1);
  });

  it('are moved by keyboard, put back, saved and removed', async () => {
    charts = await Charts.open('SOL');
    await charts.rules(price('160'));
    const level = (): string | null => charts.find(LINE).getAttribute('aria-valuetext');
    await charts.key(LINE, 'ArrowUp');
    await charts.key(LINE, 'PageUp');
    await charts.key(LINE, 'ArrowDown', { altKey: true });
    expect(level()).toBe('160.109');
    await charts.key(LINE, 'Escape');
    expect(level()).toBe('160.00');
    await charts.key(LINE, 'ArrowUp', { shiftKey: true });
    await charts.key(LINE, 'PageDown');
    await charts.key(LINE, 'Enter');
    expect(charts.saved).toEqual([]);
    await charts.key(LINE, 'ArrowUp');
    await charts.after(0, () =>
      charts.find(LINE).dispatchEvent(new FocusEvent('focusout', { bubbles: true })),
    );
    expect(charts.saved[0]?.condition).toMatchObject({ level: '160.01' });
    await charts.key(LINE, 'g');
    expect(document.querySelector('.go-to-date')).not.toBeNull();
    await charts.key(LINE, 'Delete');
    expect(charts.link.calls.at(-1)).toEqual({ command: 'alerts.remove', args: { ids: ['rule-1'] } });
  });

  it('go back to where they were when they could not be saved, and say why', async () => {
    charts = await Charts.open('SOL');
    await charts.rules(price('160', { name: 'Take profit' }));
    charts.link.answers['alerts.save'] = () => Promise.reject(new Error('The engine is busy.'));
    await charts.key(LINE, 'ArrowUp');
    await charts.key(LINE, 'Enter');
    expect(charts.text('.alert-label')).toBe('Not saved: The engine is busy.');
    expect(charts.find(LINE).getAttribute('aria-valuetext')).toBe('160.00');
    await charts.key(LINE, 'ArrowUp');
    expect(charts.text('.alert-label')).toBe('Alert: Take profit Enter to save');
    await charts.after(0, () =>
      charts.find(LINE).dispatchEvent(new MouseEvent('dblclick', { bubbles: true })),
    );
    expect(charts.services.alerts.store.getState().editing?.id).toBe('rule-1');
  });
});
