import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestRedis } from '../support/redis-server.ts';
import { expect, test } from './fixtures.ts';
import { complaintsAbout } from './pages/axe.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import { SettingsPart } from './pages/settings-part.ts';
import { COINBASE_RECORDING } from './support.ts';

test('rate and sources changed on the screen are in use, in the file, and there after a restart', async ({
  app,
  allowedErrors,
}) => {
  allowedErrors.push(/WebSocket connection .* failed/);
  const redis = await startTestRedis();
  try {
    const args = ['--redis', redis.url];
    // The venues are not there: this test is about what the form does, not about the internet.
    const away = { TENHERTZ_KRAKEN_URL: 'ws://127.0.0.1:9' };
    const first = await app({ args: [...args], env: away });
    const monitor = new MonitorPage(first.page);
    const settings = new SettingsPart(first.page);
    await monitor.desk.run('settings: rates');
    const rate = settings.field('Write prices every');
    await expect(rate).toHaveValue('500');
    await rate.fill('5000');
    await expect(rate).toHaveAccessibleDescription(/Must be shorter than priceTtlMs/);
    await expect(settings.save).toBeDisabled();
    await rate.fill('200');
    await settings.save.click();
    await expect(settings.pane).toContainText('Saved, and in use now.');

    await settings.section('Sources').click();
    const sources = settings.field('Price sources');
    await sources.fill('krakken');
    await expect(sources).toHaveAccessibleDescription(/Unknown source "krakken"/);
    await settings.pane.getByRole('button', { name: 'simulated' }).click();
    await settings.save.click();
    await expect(monitor.marketBadge).toHaveText('SIMULATED');
    await expect(settings.field('Address of Kraken')).toHaveAttribute('readonly', '');
    await settings.section('Redis').click();
    await expect(settings.field('Redis server')).toHaveAttribute('readonly', '');
    await expect(settings.field('Redis server')).toHaveAccessibleDescription(/Given with --redis/);
    expect(await complaintsAbout(first.page, '.settings')).toEqual([]);

    const path = join(first.dataDir, 'settings.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ updateEveryMs: 200, sources: 'simulated' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    await first.kill9();
    await first.page.close();
    const second = await app({ args, dataDir: first.dataDir });
    const again = new MonitorPage(second.page);
    await expect(again.marketBadge).toHaveText('SIMULATED');
    const there = new SettingsPart(second.page);
    await again.desk.run('settings: rates');
    await expect(there.field('Write prices every')).toHaveValue('200');
    await there.section('Sources').click();
    await there.field('Price sources').fill(`recorded:${COINBASE_RECORDING}`);
    await there.save.click();
    await expect(again.marketBadge).toHaveText('RECORDED');
  } finally {
    await redis.stop();
  }
});
