// The page as a person sees it: five steps, buttons and tables by the names they show.
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

export type Step = 'data' | 'explore' | 'train' | 'evaluate' | 'try';

const questions: Record<Step, string> = {
  data: 'What have I got?',
  explore: 'What does it look like?',
  train: 'How well is it learning?',
  evaluate: 'What does it get wrong?',
  try: 'Does it work here?',
};

export interface FilePayload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export interface RunSettings {
  imageSize?: number;
  epochs?: number;
  batchSize?: number;
  learningRate?: number;
  augmentation?: boolean;
}

export class Road {
  readonly page: Page;
  private readonly site: { readonly address: string };

  constructor(page: Page, site: { readonly address: string }) {
    this.page = page;
    this.site = site;
  }

  /** Opens the page; `search` such as '?engine=simd'. */
  async open(search = ''): Promise<void> {
    await this.page.goto(this.site.address + search);
    await this.atStep('data');
  }

  /** The page is isolated, so that threads work; on a plain host after its one reload. */
  async isolated(): Promise<void> {
    await this.page.waitForFunction(() => window.crossOriginIsolated, undefined, { timeout: 30_000 });
    await this.atStep('data');
  }

  /** Everything is stored: the page now starts without a network. */
  async stored(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', undefined, {
      timeout: 30_000,
    });
  }

  async atStep(step: Step): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1, name: questions[step] })).toBeVisible({ timeout: 20_000 });
  }

  async go(step: Step): Promise<void> {
    await this.page
      .getByRole('navigation')
      .getByRole('link', { name: new RegExp(step, 'i') })
      .click();
    await this.atStep(step);
  }

  /** Data: hands files to one of the choosers. */
  async choose(
    button: 'Choose a zip' | 'Choose photos' | 'Open a model file',
    files: FilePayload | FilePayload[] | string,
  ) {
    await this.page.locator('main label', { hasText: button }).locator('input[type=file]').first().setInputFiles(files);
  }

  async chooseZip(file: FilePayload | string): Promise<void> {
    await this.choose('Choose a zip', file);
  }

  async tryExample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Try an example' }).click();
  }

  /** Data: "120 photos in 6 classes". */
  get summary(): Locator {
    return this.page.getByTestId('data-summary');
  }

  /** The one sentence that says what is wrong. */
  get problem(): Locator {
    return this.page.getByRole('main').getByRole('alert');
  }

  async set(settings: RunSettings): Promise<void> {
    const form = this.page.locator('details.settings');
    if ((await form.getAttribute('open')) === null) await form.locator('summary').click();
    const fill = async (label: string, value: number | undefined) => {
      if (value === undefined) return;
      await form.getByLabel(label, { exact: true }).fill(String(value));
      await form.getByLabel(label, { exact: true }).blur();
    };
    const select = async (label: string, value: number | undefined) => {
      if (value !== undefined) await form.getByLabel(label, { exact: true }).selectOption(String(value));
    };
    await select('Image size', settings.imageSize);
    await select('Batch size', settings.batchSize);
    await fill('Epochs', settings.epochs);
    await fill('Learning rate', settings.learningRate);
    if (settings.augmentation !== undefined) {
      await form.getByLabel('Augmentation', { exact: true }).setChecked(settings.augmentation);
    }
  }

  get trainButton(): Locator {
    return this.page.getByRole('button', { name: /^Train( again)?$/ });
  }
  get stopButton(): Locator {
    return this.page.getByRole('button', { name: 'Stop', exact: true });
  }
  /** What came of the run: there once it has ended. */
  get result(): Locator {
    return this.page.getByTestId('train-result');
  }
  /** Train: "relaxed, 2 threads". */
  async engine(): Promise<string> {
    const figure = this.page.getByLabel('Training run').locator('dt', { hasText: 'Engine' }).locator('xpath=../dd');
    await expect(figure).toContainText('thread', { timeout: 20_000 });
    return (await figure.textContent()) ?? '';
  }

  /** Trains to the end and returns the validation accuracy that is shown. */
  async train(settings: RunSettings = {}, timeout = 90_000): Promise<number> {
    await this.go('train');
    await this.set(settings);
    await this.trainButton.click();
    await expect(this.stopButton).toBeVisible();
    await expect(this.result).toBeVisible({ timeout });
    return percent(await this.result.getByRole('heading').textContent());
  }

  /** Opens the test photos and returns the accuracy that is shown. */
  async evaluate(): Promise<number> {
    await this.go('evaluate');
    await this.page.getByRole('button', { name: 'Open the test photos' }).click();
    const heading = this.page.getByTestId('accuracy').getByRole('heading');
    await expect(heading).toBeVisible({ timeout: 30_000 });
    return percent(await heading.textContent());
  }

  /** Try: the class the model names for each photo on trial, newest first, once all are answered. */
  async answers(): Promise<string[]> {
    const trials = this.page.getByTestId('trial');
    await expect(trials.first()).toBeVisible();
    await expect(trials.filter({ hasText: 'looking …' })).toHaveCount(0, { timeout: 20_000 });
    return trials.locator('.answer-label strong').allTextContents();
  }

  /** Saves the model and returns the file. */
  async saveModel(): Promise<FilePayload> {
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: 'Save the model' }).click();
    const file = await download;
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    return { name: file.suggestedFilename(), mimeType: 'application/octet-stream', buffer: Buffer.concat(chunks) };
  }
}

/** "92 % right" -> 0.92 */
export function percent(text: string | null): number {
  const found = /(\d+(?:[.,]\d+)?)\s*%/.exec(text ?? '');
  if (!found) throw new Error(`no percentage in “${text}”`);
  return Number(found[1]?.replace(',', '.')) / 100;
}
