// Runs one workload; each message is one call, answered when it is done.
import { type JobOptions, startJob } from './start-job.ts';
import type { Job } from './workload.ts';

export type Answer = { items: number; info: { [field: string]: unknown } } | { error: string };

let job: Job | undefined;
const answer = (message: Answer) => postMessage(message);

addEventListener('message', (event: MessageEvent<JobOptions | 'call'>) => {
  void (async () => {
    try {
      if (event.data === 'call') job?.call();
      else job = await startJob(event.data);
      answer({ items: job?.items ?? 1, info: job?.info ?? {} });
    } catch (error) {
      answer({ error: error instanceof Error ? error.message : String(error) });
    }
  })();
});
