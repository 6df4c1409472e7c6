// The other ways in: a folder, and single photos that a person sorts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { drawPng } from './fixtures/pictures.ts';
import { pictureEntries, zipFile } from './fixtures/zip-archive.ts';
import { expect, test } from './test.ts';

test('a folder of folders', async ({ road, page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'sortlab-photos-'));
  for (const { path, data } of pictureEntries(3)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), data);
  }
  await road.open();
  await page.locator('label', { hasText: 'Choose a folder' }).locator('input').setInputFiles(join(folder, 'shapes'));
  await expect(road.summary).toHaveText('9 photos in 3 classes');
  rmSync(folder, { recursive: true });
});

test('a zip that is dropped on the page', async ({ road, page }) => {
  await road.open();
  const { name, mimeType, buffer } = zipFile(pictureEntries(3), 'dropped.zip');
  const transfer = await page.evaluateHandle(
    ({ text, ...file }) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], file.name, { type: file.mimeType }));
      return data;
    },
    { name, mimeType, text: buffer.toString('base64') },
  );
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await expect(road.summary).toHaveText('9 photos in 3 classes');
});

test('photos that are dropped on the page', async ({ road, page }) => {
  await road.open();
  const photos = pictureEntries(2).map(({ path, data }) => ({ path, data: Buffer.from(data).toString('base64') }));
  // Dropped as loose files: what a browser gives where it hands over no folders.
  const transfer = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const { path, data: text } of files) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], path.slice(path.lastIndexOf('/') + 1), { type: 'image/png' }));
    }
    return data;
  }, photos);
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await expect(page.getByRole('heading', { name: 'Your photos, sorted by you' })).toBeVisible();
});

test('single photos, sorted into classes by hand', async ({ road, page }) => {
  const photos = (name: 'disc' | 'cross') =>
    [1, 2, 3].map((seed) => ({ name: `${seed}.png`, mimeType: 'image/png', buffer: drawPng(name, seed) }));
  await road.open();
  for (const name of ['disc', 'cross'] as const) {
    await road.choose('Choose photos', photos(name));
    await page.getByLabel('What do these 3 photos show?').fill(name);
    await page.getByRole('button', { name: 'Add to this class' }).click();
  }
  await page.getByRole('button', { name: 'Use these photos' }).click();
  await expect(road.summary).toHaveText('6 photos in 2 classes');
});
