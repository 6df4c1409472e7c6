// From the start of a navigation to the first prediction of the notebook's network, on the first and on later visits of a
// page that the browser may keep as it keeps other pages.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { launchOptions, listenToVisits, visitAddress } from './browser.ts';
import { median } from './contest.ts';
import { waitForQuiet } from './machine.ts';
import type { BenchServer } from './server.ts';
import type { Entrant } from './workloads.ts';

export interface ReturnResult {
  name: string;
  threads: number;
  firstMs: number;
  secondMs: number;
  secondMin: number;
  secondMax: number;
}

/** Browsers store what they have compiled a little later. */
const settleMs = 2000;

/** `rounds` profiles; in each the page is opened, left, and opened again. */
export async function measureReturn(
  server: BenchServer,
  { name, threads, module, opts }: Entrant,
  { rounds, quietSeconds }: { rounds: number; quietSeconds: number },
): Promise<ReturnResult> {
  const address = visitAddress(server.origin, { module, opts, workload: 'W2', seconds: 0 });
  const firsts: number[] = [];
  const seconds: number[] = [];
  server.cached = true;
  for (let round = 0; round < rounds; round++) {
    await waitForQuiet(quietSeconds);
    const profile = mkdtempSync(join(tmpdir(), 'sortlab-bench-'));
    // A profile on disk: a private window would keep less than people's browsers do.
    const context = await chromium.launchPersistentContext(profile, launchOptions);
    try {
      const page = await context.newPage();
      const visit = await listenToVisits(page);
      firsts.push((await visit(address)).readyMs);
      await sleep(settleMs);
      await page.goto('about:blank');
      seconds.push((await visit(address)).readyMs);
    } finally {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    }
  }
  server.cached = false;
  return {
    name,
    threads,
    firstMs: median(firsts),
    secondMs: median(seconds),
    secondMin: Math.min(...seconds),
    secondMax: Math.max(...seconds),
  };
}
