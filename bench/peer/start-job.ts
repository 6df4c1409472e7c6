// Loads the bench module of a variant, which lies beside this file, and makes a workload on it.
import { type BenchModule, type Job, makeJob } from './workload.ts';

export interface JobOptions {
  workload: string;
  threads: number;
  engine: 'simd' | 'relaxed';
}

export async function startJob({ workload, threads, engine }: JobOptions): Promise<Job> {
  const url = import.meta.url.replace(/[^/]*$/, `bench-${engine}${threads > 1 ? '-mt' : ''}.js`);
  const { default: factory } = (await import(/* @vite-ignore */ url)) as {
    default: (options: object) => Promise<BenchModule>;
  };
  return makeJob(await factory({ pthreadPoolSize: threads - 1 }), workload, threads);
}
