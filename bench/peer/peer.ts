// The engine as a contestant: `setup(workload, { threads, engine })` gives `{ call, items, info }`. It works in the page
// itself, as the libraries beside it do; with `worker: true` in a worker, as it does for the application, where a call
// is one message there and one back.
import type { Answer } from './peer-worker.ts';
import { type JobOptions, startJob } from './start-job.ts';

export interface PeerOptions {
  threads?: number;
  engine?: 'simd' | 'relaxed';
  worker?: boolean;
}

interface Peer {
  items: number;
  info: { [field: string]: unknown };
  call(): Promise<void>;
}

export async function setup(
  workload: string,
  { threads = 1, engine = 'relaxed', worker = false }: PeerOptions = {},
): Promise<Peer> {
  const peer = await (worker ? inWorker : inPage)({ workload, threads, engine });
  Object.assign(peer.info, { engine, threads, worker });
  return peer;
}

async function inPage(options: JobOptions): Promise<Peer> {
  const { items, info, call } = await startJob(options);
  return { items, info, call: () => Promise.resolve(call()) };
}

async function inWorker(options: JobOptions): Promise<Peer> {
  const worker = new Worker(import.meta.url.replace(/[^/]*$/, 'peer-worker.mjs'), { type: 'module' });
  const ask = (message: JobOptions | 'call') =>
    new Promise<Exclude<Answer, { error: string }>>((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<Answer>) =>
        'error' in event.data ? reject(new Error(event.data.error)) : resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(message);
    });
  const { items, info } = await ask(options);
  const call = async () => {
    Object.assign(info, (await ask('call')).info);
  };
  return { items, info, call };
}
