// End-to-end tests: dist/ in the system's Chromium. One worker: training wants the cores.
import { defineConfig } from '@playwright/test';
import { executablePath, withCamera } from './tests/e2e/fixtures/browser.ts';

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'build/e2e/results',
  globalSetup: './tests/e2e/global-setup.ts',
  workers: 1,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath, args: withCamera() },
    trace: 'off',
    screenshot: 'only-on-failure',
  },
});
