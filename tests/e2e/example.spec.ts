// Somebody without photos presses "Try an example": the whole road, watched by axe in light and dark, on a phone too.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Road } from './road.ts';
import { expect, test } from './test.ts';

async function checkAccess(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
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

async function walk(road: Road, page: Page): Promise<void> {
  const check = async (where: string) => {
    await checkAccess(page, where);
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

test('the example on a desktop: no barrier on any step', async ({ road, page }) => {
  test.setTimeout(240_000);
  await walk(road, page);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test('the example with a thumb: no barrier, nothing wider than the screen', async ({ road, page }) => {
    test.setTimeout(240_000);
    await walk(road, page);
  });
});

test('the keyboard alone walks the road', async ({ road, page }) => {
  await road.open();
  const press = async (name: RegExp | string, key = 'Enter') => {
    // Tab until the control is reached, as a person would; 80 stops are more than any step has.
    for (let stop = 0; stop < 80; stop++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      const text = await focused.evaluate(
        (element) => element.getAttribute('aria-label') ?? (element.textContent?.trim() || ''),
      );
      if (typeof name === 'string' ? text === name : name.test(text)) {
        const outline = await focused.evaluate((element) => {
          const style = getComputedStyle(element);
          return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
        });
        expect(outline, `${String(name)} shows that it has the focus`).toBe(true);
        await page.keyboard.press(key);
        return;
      }
    }
    throw new Error(`Tab never reached ${String(name)}`);
  };
  await press('Try an example');
  await expect(road.summary).toHaveText(/6 classes$/, { timeout: 60_000 });
  await press('Look at them');
  await road.atStep('explore');
  await press('Train a model');
  await road.atStep('train');
  await press('Train');
  await expect(road.stopButton).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('figure').or(page.locator('svg')).first()).toBeVisible();
  await press('Stop');
  await expect(road.trainButton).toBeVisible({ timeout: 10_000 });
});
