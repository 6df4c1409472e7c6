// Runs one workload; each message is one call, answered when it is done.
import { type BenchModule, type Job, makeJob } from './workload.ts';

export interface StartMessage {
  workload: string;
  threads: number;
  engine: 'simd' | 'relaxed';
}
export type Answer = { items: number; info: { [field: string]: unknown } } | { error: string };

let job: Job | undefined;
const answer = (message: Answer) => postMessage(message);

async function start(message: StartMessage): Promise<void> {
  const file = `bench-${message.engine}${message.threads > 1 ? '-mt' : ''}.js`;
  const url = import.meta.url.replace(/[^/]*$/, file);
  const factory = ((await import(/* @vite-ignore */ url)) as { default: (options: object) => Promise<BenchModule> })
    .default;
  job = makeJob(await factory({ pthreadPoolSize: message.threads - 1 }), message.workload, message.threads);
}

addEventListener('message', (event: MessageEvent<StartMessage | 'call'>) => {
  void (async () => {
    try {
      if (event.data === 'call') job?.call();
      else await start(event.data);
      answer({ items: job?.items ?? 1, info: job?.info ?? {} });
    } catch (error) {
      answer({ error: error instanceof Error ? error.message : String(error) });
    }
  })();
});
