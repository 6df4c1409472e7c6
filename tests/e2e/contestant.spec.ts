// The engine as the benchmarks start it: it trains for real, with the variant and the threads that it was asked for.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { firstSteps } from '../../bench/peer/lesson.ts';
import type * as Peer from '../../bench/peer/peer.ts';
import { startBenchServer } from '../../bench/runner/server.ts';

interface Training {
  losses: number[];
  steps: number;
  weightsChanged: boolean;
  workingThreads: number;
}

const folder = fileURLToPath(new URL('../../build/bench/', import.meta.url));
const calls = 8;
const steps = firstSteps + calls;

const contestants = ['relaxed', 'simd'].flatMap((engine) =>
  [1, 2].flatMap((threads) => [false, true].map((worker) => ({ engine, threads, worker }))),
);
for (const { engine, threads, worker } of contestants) {
  const title = `the benchmarks' contestant trains: ${engine}, ${threads} threads${worker ? ', in a worker' : ''}`;
  const module = `bench-${engine}${threads > 1 ? '-mt' : ''}.wasm`;
  if (!existsSync(folder + module)) {
    console.log(`not run, since build/bench/${module} is not built (scripts/bench --build): ${title}`);
    continue;
  }
  test(title, async ({ page, context }) => {
    const server = await startBenchServer([['/', folder]]);
    const modules: string[] = [];
    let workers = 0;
    context.on('request', (request) => {
      if (request.url().endsWith('.wasm')) modules.push(request.url().replace(/.*\//, ''));
      if (request.url().endsWith('/peer-worker.mjs')) workers++;
    });
    // Shown as text: a page of that server that runs nothing by itself.
    await page.goto(`${server.origin}/peer.mjs`);
    const { items, info } = await page.evaluate(
      async ({ options, calls }) => {
        const address = '/peer.mjs'; // no file of the project
        const { setup } = (await import(address)) as typeof Peer;
        const job = await setup('W1s', options as Peer.PeerOptions);
        for (let i = 0; i < calls; i++) await job.call();
        return { items: job.items, info: job.info };
      },
      { options: { engine, threads, worker }, calls },
    );
    server.close();
    const training = info as unknown as Training;
    expect(modules, 'the variant that was asked for, and no other').toEqual([module]);
    expect(workers, 'in the page, or in a worker').toBe(worker ? 1 : 0);
    expect(training.workingThreads).toBe(threads);
    expect(items).toBe(32);
    expect(training.steps).toBe(steps);
    expect(training.weightsChanged).toBe(true);
    expect(training.losses).toHaveLength(steps);
    // The same pictures again and again, starting near the loss of guessing, ln 6.
    expect(training.losses[0]).toBeLessThan(6);
    expect(Math.min(...training.losses.slice(-3))).toBeLessThan(training.losses[0]! - 0.2);
  });
}
