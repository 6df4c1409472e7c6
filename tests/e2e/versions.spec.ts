// New versions: stored whole, taken over only when asked; and a stored version that cannot start does not stay for ever.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Site } from './test.ts';
import { expect, test } from './test.ts';

function edit(site: Site, file: string, from: string | RegExp, to: string): void {
  const path = join(site.folder, file);
  const text = readFileSync(path, 'utf8');
  const edited = text.replaceAll(from instanceof RegExp ? new RegExp(from, 'g') : from, to);
  if (edited === text) throw new Error(`${file} holds no ${String(from)}`);
  writeFileSync(path, edited);
}

const version = (page: Page) => page.locator('html').getAttribute('data-version');

test.use({ siteOptions: { plain: true } });

test('a new version waits until it is asked for', async ({ road, page, site }) => {
  await road.open();
  await road.isolated();
  const build = /build ([0-9a-f]{12})/.exec((await page.locator('footer').textContent()) ?? '')?.[1] ?? '';
  expect(build).not.toBe('');

  // The same page again under another build id, as the next upload would be.
  edit(site, 'index.html', '<html', '<html data-version="next"');
  edit(site, 'sw.js', build, 'ffffffffffff');
  await page.reload();
  await road.atStep('data');
  expect(await version(page), 'the stored version goes on').toBeNull();
  const reload = page.getByRole('button', { name: 'Reload' });
  await expect(reload).toBeVisible({ timeout: 20_000 });
  await page.reload();
  await road.atStep('data');
  expect(await version(page), 'a reload alone changes nothing').toBeNull();

  await expect(reload).toBeVisible({ timeout: 20_000 });
  await reload.click();
  await expect(page.locator('html')).toHaveAttribute('data-version', 'next', { timeout: 20_000 });
  await road.isolated();
  const stored = await page.evaluate(async () => (await caches.keys()).filter((name) => name.includes('-files-')));
  expect(stored, 'one version is stored, the new one').toHaveLength(1);
  expect(stored[0]).toContain('ffffffffffff');
});

test('a stored version that cannot start is thrown away at the fourth attempt', async ({ road, page, site }) => {
  await road.open();
  await road.isolated();
  // The good start of this page must have been counted before the bad ones begin.
  const failedStarts = () =>
    page.evaluate(async () => {
      for (const name of await caches.keys()) {
        const count = name.startsWith('sortlab-starts-') && (await (await caches.open(name)).match('count'));
        if (count) return count.text();
      }
      return '0';
    });
  await expect.poll(failedStarts, { timeout: 30_000 }).toBe('0');
  // Starts are reported by a message: without it every load counts as failed.
  await page.addInitScript(() => {
    ServiceWorker.prototype.postMessage = () => undefined;
  });
  edit(site, 'index.html', '<html', '<html data-version="repaired"');
  for (let load = 1; load <= 3; load++) {
    await page.reload();
    expect(await version(page), `load ${load} comes from the store`).toBeNull();
  }
  await page.reload();
  expect(await version(page), 'the next one comes from the host').toBe('repaired');
  await road.atStep('data');
  // And is stored again.
  await page.reload();
  await road.isolated();
  await road.stored();
});
