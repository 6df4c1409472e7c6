// The page of a visit: loads one contestant, warms it up, times its calls one by one and tells the runner.
import type { Contestant } from './contestant.ts';

export interface VisitConfig {
  module: string;
  opts: { [option: string]: unknown };
  workload: string;
  /** 0: only the first call. */
  seconds: number;
}

export interface VisitReport {
  /** Milliseconds of each timed call. */
  calls: number[];
  items: number;
  /** From the start of the navigation to the first result. */
  readyMs: number;
  info: { [field: string]: unknown };
}

declare global {
  interface Window {
    visitStarted(): Promise<void>;
    visitDone(report: VisitReport | { error: string }): Promise<void>;
  }
}

const fewestCalls = 3;
const warmMs = 1000;
const longestWarmCall = 5000;

async function visit({ module, opts, workload, seconds }: VisitConfig): Promise<VisitReport> {
  const { setup } = (await import(/* @vite-ignore */ module)) as Contestant;
  const job = await setup(workload, opts);
  const beforeFirst = performance.now();
  await job.call();
  const readyMs = performance.now();
  const calls: number[] = [];
  if (seconds > 0) {
    // Browsers compile twice: quickly at first, well once a function has been seen to matter.
    for (let warm = 1; readyMs - beforeFirst < longestWarmCall; warm++) {
      if (warm >= fewestCalls && performance.now() - readyMs >= Math.min(warmMs, 1000 * seconds)) break;
      await job.call();
    }
    await window.visitStarted();
    for (const start = performance.now(); ;) {
      const before = performance.now();
      await job.call();
      const now = performance.now();
      calls.push(now - before);
      if (now - start >= 1000 * seconds && calls.length >= fewestCalls) break;
    }
  }
  return { calls, items: job.items, readyMs, info: job.info };
}

const config = JSON.parse(new URLSearchParams(location.search).get('visit') ?? '{}') as VisitConfig;
visit(config).then(
  (report) => window.visitDone(report),
  (error: unknown) => window.visitDone({ error: error instanceof Error ? error.message : String(error) }),
);
