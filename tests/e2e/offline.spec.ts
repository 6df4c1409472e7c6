// After one visit the page works with the server gone: from a plain host, from a sub-folder, with threads.
import type { Page } from '@playwright/test';
import { Road } from './road.ts';
import { expect, test } from './test.ts';

/** The short road that needs every part: drawing, training, predicting. */
async function trainAndPredict(road: Road, page: Page): Promise<void> {
  await road.tryExample();
  await expect(road.summary).toHaveText(/6 classes$/, { timeout: 60_000 });
  await road.train({ epochs: 1, imageSize: 48 }, 120_000);
  await road.go('try');
  await page.getByRole('button', { name: 'Start camera' }).click();
  await expect(page.getByTestId('live-label')).not.toHaveText('–', { timeout: 15_000 });
}

test.describe('a server that sends our headers', () => {
  test('with the server stopped the page reloads, trains on the example and predicts', async ({
    road,
    page,
    site,
    watch,
  }) => {
    await road.open();
    await road.stored();
    await site.close();
    watch.allow('Failed to load resource', 'sw.js');
    await page.reload();
    await road.isolated();
    await trainAndPredict(road, page);
  });
});

test.describe('a plain host', () => {
  test.use({ siteOptions: { plain: true, below: 'class/sortlab' } });

  test('below a folder: isolated after one reload, threads, then without the server', async ({
    road,
    page,
    site,
    watch,
  }) => {
    let documents = 0;
    page.on('request', (request) => {
      if (request.isNavigationRequest()) documents++;
    });
    await road.open('?threads=2');
    await road.isolated();
    expect(documents, 'the first visit and one reload').toBe(2);
    await road.go('train');
    await site.close();
    watch.allow('Failed to load resource', 'sw.js');
    await page.goto(`${site.address}?threads=2`);
    await road.atStep('data');
    expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
    await trainAndPredict(road, page);
    expect(await engineWords(road)).toContain('2 threads');
  });

  test('a page that somebody has touched is not reloaded', async ({ road, page }) => {
    await road.open();
    await page.getByRole('heading', { level: 1 }).click();
    await road.stored();
    await page.waitForTimeout(1000);
    expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(false);
  });

  test('without a service worker it works on one thread', async ({ browser, site }) => {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    const road = new Road(page, site);
    const modules = new Set<string>();
    context.on('request', (request) => {
      const [name] = /(?<=\/)(engine|decode|example)[^/]*\.wasm$/.exec(request.url()) ?? [];
      if (name !== undefined) modules.add(name);
    });
    await road.open();
    await expect
      .poll(() => [...modules], 'only the engine is everybody’s')
      .toEqual([expect.stringMatching(/^engine-(simd|relaxed)\.wasm$/)]);
    await road.tryExample();
    await expect(road.summary).toHaveText(/6 classes$/, { timeout: 60_000 });
    expect([...modules].slice(1)).toEqual(['example.wasm']);
    await road.train({ epochs: 1, imageSize: 48 }, 120_000);
    expect(await road.engine()).toContain('1 thread');
    await context.close();
  });
});

async function engineWords(road: Road): Promise<string> {
  await road.go('train');
  return road.engine();
}
