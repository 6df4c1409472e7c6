// No camera, or a person who says no: a sentence, and the step goes on with photos.
import { cameraDenied, executablePath, withoutCamera } from './fixtures/browser.ts';
import { drawPng } from './fixtures/pictures.ts';
import { pictureEntries, zipFile } from './fixtures/zip-archive.ts';
import { Road } from './road.ts';
import { expect, test } from './test.ts';

const cases = [
  { title: 'no camera', args: withoutCamera, says: /no camera/i },
  { title: 'camera denied', args: cameraDenied, says: /allow|permission|denied|refused|blocked/i },
];

for (const { title, args, says } of cases) {
  test(`${title}: one sentence, and photos still work`, async ({ playwright, site }) => {
    // A browser of its own: which cameras there are is settled when it starts.
    const browser = await playwright.chromium.launch({ executablePath, args });
    const page = await browser.newPage();
    const road = new Road(page, site);
    await road.open();
    await road.chooseZip(zipFile(pictureEntries(8)));
    await expect(road.summary).toBeVisible();
    await road.train({ epochs: 1, imageSize: 32, batchSize: 8 });
    await road.go('try');
    await page.getByRole('button', { name: 'Start camera' }).click();
    await expect(road.problem).toBeVisible({ timeout: 15_000 });
    expect((await road.problem.innerText()).trim()).toMatch(says);
    await road.choose('Choose photos', { name: 'a.png', mimeType: 'image/png', buffer: drawPng('disc', 5) });
    expect(await road.answers()).toHaveLength(1);
    await browser.close();
  });
}
