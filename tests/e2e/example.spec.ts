// Somebody without photos presses "Try an example": the whole road, watched by axe in light and dark, on a phone too.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Road } from './road.ts';
import { expect, test } from './test.ts';

type Scheme = 'light' | 'dark';

async function checkAccess(page: Page, schemes: Scheme[], where: string): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    expect(found, `${where}, ${colorScheme}`).toEqual([]);
  }
}

async function checkWidth(page: Page, where: string): Promise<void> {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content, `${where} is no wider than the screen`).toBeLessThanOrEqual(window ?? 0);
}

async function walk(road: Road, page: Page, schemes: Scheme[]): Promise<void> {
  const check = async (where: string) => {
    await checkAccess(page, schemes, where);
    await checkWidth(page, where);
  };
  await road.open();
  await check('Data, empty');
  for (const step of ['explore', 'train', 'evaluate', 'try'] as const) {
    await road.go(step);
    await check(`${step}, empty`);
  }
  await road.go('data');
  await road.tryExample();
  await expect(road.summary).toHaveText(/^\d+ photos in 6 classes$/, { timeout: 60_000 });
  await check('Data');
  await road.go('explore');
  await expect(page.locator('canvas.is-painted')).toHaveCount(48, { timeout: 20_000 });
  await check('Explore');
  await road.train({ epochs: 1, imageSize: 48 }, 120_000);
  await check('Train');
  await road.evaluate();
  await page.getByRole('region', { name: 'Confusion matrix' }).getByRole('button').first().click();
  await check('Evaluate');
  await road.go('try');
  await page.getByRole('button', { name: 'Start camera' }).click();
  await expect(page.getByTestId('live-label')).not.toHaveText('–', { timeout: 15_000 });
  await check('Try');
}

test('the example on a desktop: no barrier on any step, in light and dark', async ({ road, page }) => {
  test.setTimeout(240_000);
  await walk(road, page, ['light', 'dark']);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test('the example with a thumb: no barrier, nothing wider than the screen', async ({ road, page }) => {
    test.setTimeout(240_000);
    await walk(road, page, ['light']);
  });
});

/** Tab until the control of that name has the focus, as a person would; 90 stops are more than any step has. */
async function reach(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < 90; stop++) {
    await page.keyboard.press('Tab');
    const [text, outlined] = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return ['', true];
      const shown = element instanceof HTMLInputElement ? (element.labels?.[0] ?? element) : element;
      const styles = [getComputedStyle(shown), getComputedStyle(element)];
      const marked = styles.some(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none');
      return [element.getAttribute('aria-label') ?? shown.textContent?.trim() ?? '', marked];
    });
    seen.push(String(text));
    if (text === '' || (typeof name === 'string' ? text !== name : !name.test(String(text)))) continue;
    expect(outlined, `${String(name)} shows that it has the focus`).toBe(true);
    return;
  }
  throw new Error(`Tab never reached ${String(name)}, only ${[...new Set(seen)].join(' | ')}`);
}

test('the keyboard alone walks the road', async ({ road, page }) => {
  const press = async (name: RegExp | string) => {
    await reach(page, name);
    await page.keyboard.press('Enter');
  };
  await road.open();
  await press('Try an example');
  await expect(road.summary).toHaveText(/6 classes$/, { timeout: 60_000 });
  await press('Look at them');
  await road.atStep('explore');
  await press('Train a model');
  await road.atStep('train');
  await press('Train');
  // One epoch is enough to go on with.
  await expect(page.getByLabel('Training run')).toContainText(/Epoch\s*2 of/, { timeout: 60_000 });
  await press('Stop');
  await expect(road.result).toBeVisible({ timeout: 10_000 });
  await press('See what it gets wrong');
  await road.atStep('evaluate');
  await press('Open the test photos');
  await expect(page.getByTestId('accuracy')).toBeVisible({ timeout: 30_000 });
  await press(/ photos? of .* called /);
  await expect(page.getByRole('region', { name: 'Photos behind the number' }).getByRole('heading')).toBeVisible();
  await press('Try it on something new');
  await road.atStep('try');
  await press('Start camera');
  await expect(page.getByTestId('live-label')).not.toHaveText('–', { timeout: 15_000 });
  await press('Stop camera');
  await expect(page.getByRole('button', { name: 'Start camera' })).toBeVisible();
});
