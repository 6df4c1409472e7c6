// One visit: the page in a Chromium of its own, until it reports.
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { VisitConfig, VisitReport } from '../page/page.ts';
import { executablePath, quietArguments } from './chromium.ts';
import { foreignCores, readCpuClock } from './machine.ts';

export const launchOptions = { executablePath, headless: true, args: quietArguments };

const longestVisitMs = 600_000;

export interface Visit extends VisitReport {
  /** Cores that other programs kept busy while the calls were timed. */
  foreignCores: number;
}

export const visitAddress = (origin: string, config: VisitConfig): string =>
  `${origin}/page.html?visit=${encodeURIComponent(JSON.stringify(config))}`;

/** Prepares `page` to hear reports; each visit of it is a navigation. */
export async function listenToVisits(page: Page): Promise<(address: string) => Promise<Visit>> {
  let from = readCpuClock();
  let settle: { resolve(visit: Visit): void; reject(error: Error): void } | undefined;
  page.on('crash', () => settle?.reject(new Error('the page crashed')));
  page.on('pageerror', (error) => settle?.reject(error));
  await page.exposeFunction('visitStarted', () => {
    from = readCpuClock();
  });
  await page.exposeFunction('visitDone', (report: VisitReport | { error: string }) => {
    if ('error' in report) settle?.reject(new Error(report.error));
    else settle?.resolve({ ...report, foreignCores: foreignCores(from) });
  });
  return async (address) => {
    const done = new Promise<Visit>((resolve, reject) => {
      settle = { resolve, reject };
      setTimeout(() => reject(new Error('no result in time')), longestVisitMs).unref();
    });
    // A rejection while the page still loads has its reader below.
    done.catch(() => undefined);
    await page.goto(address);
    return done;
  };
}

export async function freshVisit(address: string): Promise<Visit> {
  const browser = await chromium.launch(launchOptions);
  try {
    return await (
      await listenToVisits(await browser.newPage())
    )(address);
  } finally {
    await browser.close();
  }
}

export async function browserVersion(): Promise<string> {
  const browser = await chromium.launch(launchOptions);
  const version = browser.version();
  await browser.close();
  return `Chromium ${version}`;
}
