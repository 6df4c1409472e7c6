// A model is saved to a file and opened again, in another visit, with the same answers.
import { drawPng } from './fixtures/pictures.ts';
import { pictureEntries, zipFile } from './fixtures/zip-archive.ts';
import { expect, test } from './test.ts';

test('a saved model opens again and gives the same answers', async ({ road, page }) => {
  const photos = [1, 2, 3].map((seed) => ({
    name: `photo-${seed}.png`,
    mimeType: 'image/png',
    buffer: drawPng(seed === 2 ? 'cross' : 'disc', 700 + seed),
  }));
  const shown = async () => {
    await road.answers();
    return page.getByTestId('trial').locator('.answer-label').allTextContents();
  };
  await road.open('?engine=simd');
  await road.chooseZip(zipFile(pictureEntries(16)));
  await expect(road.summary).toBeVisible();
  await road.train({ epochs: 3, imageSize: 48, batchSize: 8 });
  await road.go('try');
  await road.choose('Choose photos', photos);
  const before = await shown();
  const file = await road.saveModel();
  expect(file.name).toMatch(/\.safetensors$/);

  await road.open('?engine=simd');
  await road.choose('Open a model file', file);
  await road.atStep('try');
  await road.choose('Choose photos', photos);
  expect(await shown()).toEqual(before);

  // The photos it was trained on are recognised by their bytes.
  await road.go('data');
  await road.chooseZip(zipFile(pictureEntries(16)));
  await expect(road.summary).toBeVisible();
  await road.go('evaluate');
  await page.getByRole('button', { name: 'Evaluate all photos' }).click();
  await expect(page.getByTestId('seen-in-training')).toContainText(/\d+ photos of them were used in training/);
});
