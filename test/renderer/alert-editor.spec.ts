import { expect, type Page } from '@playwright/test';
import type { AlertDraft } from '../../src/shared/contract.ts';
import { AlertsPart } from '../e2e/pages/alerts-part.ts';
import { fire, lastAsked } from './ask-fake.ts';
import { complaintsAbout } from '../e2e/pages/axe.ts';
import { openAlerts } from './open-alerts.ts';
import { test } from './screen.ts';

/** The rule the engine was asked to keep last. */
const saved = async (page: Page): Promise<AlertDraft | undefined> =>
  (await lastAsked(page, 'alerts.save'))?.['draft'] as AlertDraft | undefined;

test('each kind of alert has its own fields and is kept as it was filled in', async ({
  page,
  openScreen,
}) => {
  const alerts = await openAlerts(page, openScreen);
  await expect(alerts.pane).toContainText('No alerts yet.');
  const dialog = alerts.editor;
  const make = async (kind: string, fill: () => Promise<void>): Promise<AlertDraft | undefined> => {
    await alerts.pane.getByRole('button', { name: 'New alert' }).click();
    await dialog.getByLabel('Alert me about').selectOption(kind);
    await fill();
    await dialog.getByRole('button', { name: 'Create alert' }).click();
    await expect(dialog).toBeHidden();
    return saved(page);
  };

  const move = await make('% move', async () => {
    await dialog.getByLabel('Token').fill('RAY');
    await dialog.getByLabel('Direction').selectOption('down');
    await dialog.getByLabel('By', { exact: true }).fill('2.5');
    await dialog.getByLabel('Within', { exact: true }).fill('10');
  });
  expect(move?.condition).toEqual({
    ...{ kind: 'move', token: 'RAY', direction: 'down', percent: '2.5', windowMs: 600_000 },
  });
  await expect(alerts.pane).toContainText(/RAY/);

  const pnl = await make('Profit and loss', async () => {
    await expect(dialog).toContainText('Leave empty for all positions together.');
    await dialog.getByLabel('Which').selectOption('unrealised only');
    await dialog.getByLabel('Direction').selectOption('rises to');
    await dialog.getByLabel('Level').fill('-1,250.5');
  });
  expect(pnl?.condition).toEqual({
    ...{ kind: 'pnl', token: null, which: 'unrealised', direction: 'above', level: '-1250.5' },
  });

  const volume = await make('Volume', async () => {
    await dialog.getByLabel('More than').fill('2000');
    await dialog.getByLabel('Counted in').selectOption('tokens traded');
    await dialog.getByLabel('Within', { exact: true }).fill('90');
    await dialog.getByLabel('Unit of within').selectOption('s');
  });
  expect(volume?.condition).toEqual({
    ...{ kind: 'volume', token: 'SOL', unit: 'base', above: '2000', windowMs: 90_000 },
  });

  const position = await make('Position', async () => {
    await expect(dialog.getByLabel('Amount')).toHaveCount(0);
    await dialog.getByLabel('What happens').selectOption('changes by more than');
    await dialog.getByLabel('Token').fill('SOL');
    await dialog.getByLabel('Token').fill('');
    await dialog.getByLabel('Amount').fill('.5');
  });
  expect(position?.condition).toEqual({ kind: 'position', token: null, change: 'changed', by: '0.5' });

  const stale = await make('Stale price', async () => {
    await expect(dialog).toContainText(/Now 15\d\.\d/);
    await dialog.getByLabel('Longer than', { exact: true }).fill('1');
    await dialog.getByLabel('Unit of longer than').selectOption('h');
  });
  expect(stale?.condition).toEqual({ kind: 'stale', token: 'SOL', afterMs: 3_600_000 });

  const lag = await make('Lag', async () => {
    await dialog.getByLabel('Unit of more than').selectOption('ms');
    await dialog.getByLabel('More than', { exact: true }).fill('250');
  });
  expect(lag?.condition).toEqual({ kind: 'lag', aboveMs: 250 });

  const source = await make('Source down', async () => {
    await dialog.getByLabel('Source', { exact: true }).selectOption('kraken');
  });
  expect(source?.condition).toEqual({ kind: 'source', source: 'kraken' });

  await expect(alerts.pane.locator('.alert-item')).toHaveCount(7);
  await expect(alerts.count).toHaveAccessibleName('7 alerts armed');
});

test('a field that cannot be says why and keeps the alert from being made; the first fault is read out', async ({
  page,
  openScreen,
}) => {
  const alerts = await openAlerts(page, openScreen);
  await alerts.pane.getByRole('button', { name: 'New alert' }).click();
  const dialog = alerts.editor;
  const create = dialog.getByRole('button', { name: 'Create alert' });
  const level = dialog.getByLabel('Level');
  await dialog.getByLabel('Token').fill('');
  await level.fill('0');
  await dialog.getByLabel('At most every', { exact: true }).fill('-1');
  await dialog.getByLabel('Armed again after going back by').fill('-2');
  await dialog.getByLabel('Name').fill('n'.repeat(121));
  await create.click();
  await expect(dialog.getByLabel('Token')).toHaveAccessibleDescription('Choose a token.');
  await expect(level).toHaveAccessibleDescription('Must be above zero.');
  await expect(dialog.getByLabel('At most every', { exact: true })).toHaveAccessibleDescription(
    'Must not be negative.',
  );
  await expect(dialog.getByLabel('Armed again after going back by')).toHaveAttribute('aria-invalid', 'true');
  await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription('At most 120 characters.');
  await expect(dialog.getByRole('alert')).toHaveText(/^The alert cannot be kept yet: Choose a token\./);
  await level.fill('twelve');
  await create.click();
  await expect(level).toHaveAccessibleDescription('Enter a number such as 150.25.');

  await dialog.getByLabel('Alert me about').selectOption('% move');
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await dialog.getByLabel('Within', { exact: true }).fill('25');
  await dialog.getByLabel('Unit of within').selectOption('h');
  await create.click();
  await expect(dialog.getByLabel('Within', { exact: true })).toHaveAccessibleDescription(
    'Must be at most 24 hours.',
  );
  await dialog.getByLabel('Within', { exact: true }).fill('');
  await create.click();
  await expect(dialog.getByLabel('Within', { exact: true })).toHaveAccessibleDescription(
    'Must be at least 1 s.',
  );
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(await saved(page)).toBeUndefined();
});

test('an alert repeats after a pause and a way back, or fires once, with a sound of its own', async ({
  page,
  openScreen,
}) => {
  const alerts = await openAlerts(page, openScreen);
  await alerts.create({ token: 'SOL', direction: 'falls to', level: '120', name: 'Low', everyMs: 60_000 });
  await alerts.rule('Low').getByRole('button', { name: 'Change Low' }).click();
  const dialog = alerts.editor;
  await expect(dialog).toHaveAccessibleName('Change alert');
  await expect(dialog.getByLabel('At most every', { exact: true })).toHaveValue('1');
  await dialog.getByLabel('Armed again after going back by').fill('0.25');
  await dialog.getByLabel('Unit of the way back').selectOption('in its own unit');
  await dialog.getByLabel('Sound').selectOption('Alarm');
  await dialog.getByRole('button', { name: 'Listen' }).click();
  await dialog.getByLabel('Desktop notification').uncheck();
  await dialog.getByLabel('Note').fill('look at the book');
  await dialog.getByRole('button', { name: 'Save alert' }).click();
  await expect(dialog).toBeHidden();
  const before = await saved(page);
  expect(before).toMatchObject({
    mode: { kind: 'rearm', hysteresis: { unit: 'distance', value: '0.25' }, cooldownMs: 60_000 },
    ...{ id: 'rule-1', sound: 'alarm', notify: false, note: 'look at the book' },
  });

  await alerts.rule('Low').getByRole('button', { name: 'Change Low' }).click();
  await dialog.getByLabel('Repeat').selectOption('once');
  await expect(dialog.getByLabel('At most every', { exact: true })).toHaveCount(0);
  await dialog.getByLabel('Sound').selectOption('None');
  await expect(dialog.getByRole('button', { name: 'Listen' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Save alert' }).click();
  await expect(dialog).toBeHidden();
  expect(await saved(page)).toMatchObject({ mode: { kind: 'once' }, sound: null });

  await fire(page, { ruleId: 'rule-1', name: 'Low', text: 'SOL falls to 120: 119.9' });
  await expect(alerts.rule('Low')).toContainText(/fired.*ago/);
  await alerts.rule('Low').getByRole('button', { name: 'Arm again' }).click();
  await expect(alerts.rule('Low')).toContainText('waits for the value to come back first');

  await alerts.rule('Low').getByRole('button', { name: 'Change Low' }).click();
  await dialog.getByLabel('Repeat').selectOption('every time it happens');
  await expect(dialog.getByLabel('At most every', { exact: true })).toHaveValue('5');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
});

test('what the engine refuses stands in the editor, and what was filled in stays', async ({
  page,
  openScreen,
}) => {
  const alerts = await openAlerts(page, openScreen);
  await alerts.pane.getByRole('button', { name: 'New alert' }).click();
  const dialog = alerts.editor;
  await dialog.getByLabel('Level').fill('200');
  await dialog.getByLabel('Name').fill('refuse me');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toHaveText('This rule is refused.');
  await expect(dialog.getByLabel('Level')).toHaveValue('200');
  await dialog.getByLabel('Name').fill('take me');
  await page.keyboard.press('Enter');
  await expect(alerts.rule('take me')).toContainText('armed');
});

test('templates begin with the token, and a level near its price', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  await expect(monitor.stateBadge).toHaveText('LIVE');
  const alerts = new AlertsPart(page);
  await alerts.open();
  const dialog = alerts.editor;
  const begin = (label: string) => alerts.pane.getByLabel('Begin with a template').selectOption(label);
  const price = Number(await monitor.row('SOL').exactPrice());
  for (const [label, factor, direction] of [
    ['Price 2 % higher', 1.02, 'above'],
    ['Price 2 % lower', 0.98, 'below'],
  ] as const) {
    await begin(label);
    await expect(dialog.getByLabel('Direction')).toHaveValue(direction);
    const level = Number(await dialog.getByLabel('Level').inputValue());
    expect(Math.abs(level / (price * factor) - 1)).toBeLessThan(0.01);
    await page.keyboard.press('Escape');
  }
  await begin('All positions lose 500 USD');
  await expect(dialog.getByLabel('Level')).toHaveValue('-500');
  await page.keyboard.press('Escape');
  await begin('Price goes stale');
  await expect(dialog.getByLabel('Longer than', { exact: true })).toHaveValue('30');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

for (const theme of ['dark', 'light'] as const)
  test(`axe finds nothing to say about the editor with faults in it, ${theme}`, async ({
    page,
    openScreen,
  }) => {
    await openScreen('live', { theme });
    const alerts = new AlertsPart(page);
    await alerts.open();
    await alerts.pane.getByRole('button', { name: 'New alert' }).click();
    await alerts.editor.getByRole('button', { name: 'Create alert' }).click();
    await expect(alerts.editor.getByLabel('Level')).toHaveAttribute('aria-invalid', 'true');
    expect(await complaintsAbout(page, '[role="dialog"]')).toEqual([]);
  });
