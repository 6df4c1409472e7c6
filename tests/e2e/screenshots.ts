// Takes the README's pictures: the example's road, step by step, into docs/screenshots. Run by scripts/screenshots.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, expect } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { startServer } from '../../web/server/static-server.ts';
import { executablePath, withCamera } from './fixtures/browser.ts';
import { writeVideo } from './fixtures/camera-video.ts';
import type { Square } from './fixtures/camera-video.ts';
import { encodePng } from './fixtures/png.ts';
import { Road } from './road.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}docs/screenshots/`;
const film = `${root}build/e2e/screenshots.y4m`;
const desktop = { width: 1200, height: 1060 };

async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: withCamera(film) });
}

function browserOf(page: Page): Browser {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser');
  return browser;
}

/** WebP, made by the browser itself: a tenth of a PNG. */
async function shoot(page: Page, name: string): Promise<void> {
  const png = await page.screenshot({ animations: 'disabled' });
  const blank = await browserOf(page).newPage();
  const webp = await blank.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.7 });
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  }, png.toString('base64'));
  await blank.close();
  writeFileSync(`${folder}${name}.webp`, Buffer.from(webp));
  console.log(`docs/screenshots/${name}.webp: ${(webp.length / 1024).toFixed(0)} KiB`);
}

async function drawn(road: Road): Promise<void> {
  await road.go('data');
  await road.tryExample();
  await expect(road.summary).toBeVisible({ timeout: 60_000 });
}

interface Picture extends Square {
  name: string;
}

/** A large picture of each class, as the example draws them. */
async function examplePictures(address: string): Promise<Picture[]> {
  const browser = await launch();
  const page = await browser.newPage({ viewport: desktop });
  const road = new Road(page, { address });
  await road.open();
  await drawn(road);
  await road.go('train');
  await road.set({ imageSize: 224 });
  await drawn(road);
  await road.go('explore');
  const first = page.locator('.samples .photo-grid li:nth-child(3) canvas.is-painted');
  await expect(first).toHaveCount(6, { timeout: 20_000 });
  const names = await page
    .locator('.samples .sample-row')
    .evaluateAll((rows) => rows.map((row) => row.ariaLabel ?? ''));
  const pictures = await first.evaluateAll((all) =>
    (all as HTMLCanvasElement[]).map((canvas) => ({
      side: canvas.width,
      rgba: Array.from(canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.width).data ?? []),
    })),
  );
  await browser.close();
  return pictures.map(({ side, rgba }, index) => ({
    name: names[index] ?? '',
    side,
    pixels: Uint8Array.from(rgba.filter((_, at) => at % 4 !== 3)),
  }));
}

async function walk(address: string, pictures: Picture[]): Promise<void> {
  const browser = await launch();
  const page = await browser.newPage({ viewport: desktop, colorScheme: 'light' });
  const road = new Road(page, { address });
  await road.open();
  await shoot(page, 'start');
  await drawn(road);
  await shoot(page, 'data');
  await road.go('explore');
  await expect(page.locator('canvas.is-painted')).toHaveCount(48, { timeout: 20_000 });
  await page.locator('.samples').scrollIntoViewIfNeeded();
  await shoot(page, 'explore');
  await road.go('train');
  await road.trainButton.click();
  await expect(page.getByLabel('Training run')).toContainText(/Epoch\s*(3\d|4\d) of/, { timeout: 600_000 });
  await shoot(page, 'train');
  await expect(road.result).toBeVisible({ timeout: 600_000 });
  await road.evaluate();
  await page.getByRole('region', { name: 'Confusion matrix' }).getByRole('button').first().click();
  await page.waitForTimeout(500);
  await shoot(page, 'evaluate');
  await road.go('try');
  await road.choose(
    'Choose photos',
    pictures.map(({ name, pixels, side }) => ({
      name: `${name}.png`,
      mimeType: 'image/png',
      buffer: encodePng(side, side, pixels),
    })),
  );
  const answers = await road.answers();
  // The film is read when the camera starts: show it something that it knows.
  writeVideo(
    film,
    [pictures.find(({ name }, index) => answers[index] === name) ?? pictures[0]].flatMap((one) => one ?? []),
  );
  await page.getByRole('button', { name: 'Start camera' }).click();
  await expect(page.getByTestId('live-label')).not.toHaveText('–', { timeout: 15_000 });
  await page.waitForTimeout(1500);
  await page.evaluate(() => scrollTo({ top: 0 }));
  await shoot(page, 'try');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await road.go('evaluate');
  await shoot(page, 'phone');
  await browser.close();
}

mkdirSync(folder, { recursive: true });
const server = await startServer({ root: `${root}dist`, port: 0 });
try {
  writeVideo(film, [{ side: 1, pixels: new Uint8Array(3) }]); // the browser wants some film from the start
  const pictures = await examplePictures(server.url);
  await walk(server.url, pictures);
} finally {
  await server.close();
}
