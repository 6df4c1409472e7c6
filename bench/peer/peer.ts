// The engine as a contestant: `setup(workload, { threads, engine })` gives `{ call, items, info }`. The work is done in a
// worker, as on the page; one call is one message there and one back.
import type { Answer, StartMessage } from './peer-worker.ts';

export interface PeerOptions {
  threads?: number;
  engine?: 'simd' | 'relaxed';
}

export async function setup(workload: string, { threads = 1, engine = 'relaxed' }: PeerOptions) {
  const worker = new Worker(import.meta.url.replace(/[^/]*$/, 'peer-worker.mjs'), { type: 'module' });
  const ask = (message: StartMessage | 'call') =>
    new Promise<Exclude<Answer, { error: string }>>((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<Answer>) =>
        'error' in event.data ? reject(new Error(event.data.error)) : resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(message);
    });
  const { items, info } = await ask({ workload, threads, engine });
  const shown: { [field: string]: unknown } = { engine, threads, ...info };
  const call = async () => {
    Object.assign(shown, (await ask('call')).info);
  };
  return { items, info: shown, call };
}
