// Bad input: one clear sentence, what was skipped and why, and a page that goes on working.
import { hugePng } from './fixtures/png.ts';
import { drawPng } from './fixtures/pictures.ts';
import { pictureEntries, zipFile } from './fixtures/zip-archive.ts';
import type { ZipEntry } from './fixtures/zip-archive.ts';
import type { FilePayload, Road } from './road.ts';
import { expect, test } from './test.ts';

const good = () => zipFile(pictureEntries(4), 'good.zip');

/** One sentence: a capital letter, a full stop at the end, no stack, no code. */
const sentence = /^[“"A-Z0-9][^\n{}]{10,300}[.!]$/;

async function stillUsable(road: Road): Promise<void> {
  await road.chooseZip(good());
  await expect(road.summary).toHaveText('12 photos in 3 classes');
}

const refused: { title: string; file: FilePayload; says: RegExp }[] = [
  {
    title: 'a file that is no zip',
    file: { name: 'letter.zip', mimeType: 'application/zip', buffer: Buffer.from('Dear teacher, '.repeat(100)) },
    says: /zip/i,
  },
  { title: 'an empty zip', file: zipFile([], 'nothing.zip'), says: /empty|no photo|nothing/i },
  {
    title: 'one class only',
    file: zipFile(
      pictureEntries(3).filter(({ path }) => path.includes('/disc/')),
      'one.zip',
    ),
    says: /class|folder/i,
  },
  {
    title: 'a zip without any photo',
    file: zipFile(
      [
        { path: 'a/notes.txt', data: Buffer.from('x') },
        { path: 'b/notes.txt', data: Buffer.from('y') },
      ],
      'text.zip',
    ),
    says: /photo/i,
  },
];

for (const { title, file, says } of refused) {
  test(`${title} is refused in one sentence`, async ({ road }) => {
    await road.open();
    await road.chooseZip(file);
    await expect(road.problem).toBeVisible({ timeout: 20_000 });
    const text = (await road.problem.innerText()).trim();
    expect(text).toMatch(sentence);
    expect(text).toMatch(says);
    await stillUsable(road);
  });
}

test('on a phone the sentence comes into view, above the steps', async ({ road, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await road.open();
  await road.chooseZip({ name: 'bad.zip', mimeType: 'application/zip', buffer: Buffer.from('not a zip') });
  await expect(road.problem).toBeInViewport({ ratio: 1 });
  const [problem, steps] = [await road.problem.boundingBox(), await page.getByRole('navigation').boundingBox()];
  expect((problem?.y ?? 0) + (problem?.height ?? Infinity)).toBeLessThanOrEqual(steps?.y ?? 0);
});

test('photos that are there stay when a bad zip follows', async ({ road }) => {
  await road.open();
  await stillUsable(road);
  await road.chooseZip({ name: 'bad.zip', mimeType: 'application/zip', buffer: Buffer.from('not a zip') });
  await expect(road.problem).toBeVisible();
  await expect(road.summary).toHaveText('12 photos in 3 classes');
});

test('where no photo can be read, each is listed with its reason, apart from the list of the photos that stay', async ({
  road,
  page,
}) => {
  await road.open();
  await stillUsable(road);
  const bad = ['disc', 'ring'].map((name) => ({ path: `shapes/${name}/cut.png`, data: Buffer.from('no picture') }));
  await road.chooseZip(zipFile(bad, 'allbad.zip'));
  await expect(road.problem).toContainText('None of the photos in “allbad.zip” can be read');
  const failed = page.getByRole('region', { name: 'Skipped files of the failed import' });
  await expect(failed.getByRole('heading', { name: '2 files of allbad.zip skipped' })).toBeVisible();
  await failed.locator('summary').click();
  await expect(failed).toContainText('ring/cut.png');
  await expect(page.getByText('No file of good.zip was skipped.')).toBeVisible();
  await expect(page.getByText('No file was skipped.')).toHaveCount(0);
});

const jpeg = Buffer.from(
  // 16 x 16 grey, baseline: the smallest there is with every marker in place.
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////' +
    'wAALCAAQABABAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
  'base64',
);

const skipped: { title: string; entry: ZipEntry; reason: RegExp }[] = [
  {
    title: 'a truncated JPEG',
    entry: { path: 'shapes/disc/cut.jpg', data: jpeg.subarray(0, jpeg.length - 6) },
    reason: /cut off/i,
  },
  {
    title: 'a 65-byte PNG of 20,000 x 20,000 pixels',
    entry: { path: 'shapes/disc/huge.png', data: hugePng() },
    reason: /too large/i,
  },
  {
    title: '__MACOSX junk',
    entry: { path: '__MACOSX/shapes/disc/._a.png', data: drawPng('disc', 1) },
    reason: /system files/i,
  },
  {
    title: 'a text file',
    entry: { path: 'shapes/disc/notes.txt', data: Buffer.from('hello') },
    reason: /not a photo/i,
  },
  {
    title: 'an empty photo',
    entry: { path: 'shapes/disc/empty.png', data: Buffer.alloc(0) },
    reason: /empty/i,
  },
  {
    title: 'a HEIC photo',
    entry: { path: 'shapes/disc/phone.heic', data: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic') },
    reason: /cannot be read/i,
  },
];

for (const { title, entry, reason } of skipped) {
  test(`${title} is skipped, with the reason`, async ({ road, page }) => {
    await road.open();
    await road.chooseZip(zipFile([...pictureEntries(4), entry]));
    await expect(road.summary).toHaveText('12 photos in 3 classes');
    await expect(page.getByRole('heading', { name: '1 file skipped' })).toBeVisible();
    const group = page.locator('details.skipped-group');
    await expect(group.locator('summary')).toHaveText(reason);
    await group.locator('summary').click();
    await expect(group).toContainText(entry.path.slice(entry.path.lastIndexOf('/') + 1));
  });
}

test('a class with one photo is named, before training and when it is tried', async ({ road, page }) => {
  await road.open();
  const lone = { path: 'shapes/lone/one.png', data: drawPng('disc', 77) };
  await road.chooseZip(zipFile([...pictureEntries(8), lone]));
  await expect(road.summary).toHaveText('25 photos in 4 classes');
  await expect(
    page.getByText('The class “lone” has one photo only; training needs at least two, better twenty or more.', {
      exact: true,
    }),
  ).toBeVisible();
  await road.go('train');
  await road.set({ epochs: 1, imageSize: 32, batchSize: 8 });
  await road.trainButton.click();
  await expect(road.problem).toHaveText(
    '“lone”: This class has fewer than two different photos; add some or leave the class out.',
    { timeout: 60_000 },
  );
  await expect(road.result).toHaveCount(0);
  await road.go('data');
  await stillUsable(road);
});

test('two folders that differ only in case become one class, and the page says so', async ({ road, page }) => {
  await road.open();
  const twin = pictureEntries(2, 50).map(({ path, data }) => ({ path: path.replace('/disc/', '/Disc/'), data }));
  await road.chooseZip(zipFile([...pictureEntries(4), ...twin.filter(({ path }) => path.includes('/Disc/'))]));
  await expect(road.summary).toHaveText('14 photos in 3 classes');
  await expect(page.locator('.message-note', { hasText: /disc/i }).first()).toBeVisible();
});

test('a class named like markup is text everywhere', async ({ road, page }) => {
  const name = '<img src=x onerror=alert(1)>';
  page.on('dialog', (dialog) => {
    throw new Error(`a dialog opened: ${dialog.message()}`);
  });
  await road.open();
  const renamed = pictureEntries(8).map(({ path, data }) => ({ path: path.replace('/disc/', `/${name}/`), data }));
  await road.chooseZip(zipFile(renamed));
  await expect(road.summary).toHaveText('24 photos in 3 classes');
  await expect(page.getByRole('list', { name: 'Classes' })).toContainText(name);
  await road.go('explore');
  await expect(page.getByRole('region', { name, exact: true })).toBeVisible();
  await road.train({ epochs: 1, imageSize: 32, batchSize: 8 });
  await road.evaluate();
  await expect(page.getByRole('region', { name: 'Scores of each class' })).toContainText(name);
  await road.go('try');
  await expect(page.getByRole('list', { name: 'What the camera sees, by class' })).toContainText(name);
  expect(await page.locator('img[src="x"]').count()).toBe(0);
});

test('a photo on trial that cannot be read says why, the others are answered', async ({ road, page }) => {
  await road.open();
  await road.chooseZip(zipFile(pictureEntries(8)));
  await expect(road.summary).toBeVisible();
  await road.train({ epochs: 1, imageSize: 32, batchSize: 8 });
  await road.go('try');
  await road.choose('Choose photos', [
    { name: 'notzip.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip') },
    { name: 'huge.png', mimeType: 'image/png', buffer: hugePng() },
    { name: 'fine.png', mimeType: 'image/png', buffer: drawPng('disc', 5) },
  ]);
  expect(await road.answers()).toHaveLength(1);
  await expect(page.locator('.answer-problem')).toHaveText(sentence);
  await expect(road.problem).toHaveText('“notzip.zip” was left out: not a photo.');
});

test('a file that is no model is refused in one sentence', async ({ road }) => {
  await road.open();
  await road.choose('Open a model file', {
    name: 'holiday.safetensors',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('\x08\0\0\0\0\0\0\0{"a":1} and more'),
  });
  await expect(road.problem).toBeVisible();
  expect((await road.problem.innerText()).trim()).toMatch(sentence);
  await expect(road.problem).toContainText('“holiday.safetensors”');
  await stillUsable(road);
});

test('a browser without SIMD is told so instead of an empty page', async ({ road: _road, site, page }) => {
  const sentence = page.getByText('This browser is too old for Sortlab; please update it', { exact: false });
  await page.goto(site.address);
  await expect(page.getByRole('navigation')).toBeVisible();
  await expect(sentence).toBeHidden();
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await page.reload();
  await expect(sentence).toBeVisible();
  await expect(page.getByRole('navigation')).toHaveCount(0);
});
