import type { Page } from '@playwright/test';
import { AlertsPart } from '../e2e/pages/alerts-part.ts';
import type { OpenScreen } from './screen.ts';

/** Opens a live screen with the alerts pane in front. */
export async function openAlerts(page: Page, openScreen: OpenScreen): Promise<AlertsPart> {
  await openScreen('live');
  const alerts = new AlertsPart(page);
  await alerts.open();
  return alerts;
}
