// Ports over Node's worker threads.
import { Worker, type MessagePort, type Transferable } from 'node:worker_threads';
import type { Port } from '../shared/protocol.ts';
import type { WorkerLink } from '../workers/worker-link.ts';

export function nodePort(target: MessagePort | Worker): Port {
  return {
    postMessage: (message, transfer = []) => target.postMessage(message, transfer as Transferable[]),
    onMessage: (listener) => void target.on('message', listener),
  };
}

export function startDecodeThread(): WorkerLink {
  const worker = new Worker(new URL('./decode-thread.mjs', import.meta.url));
  return {
    port: nodePort(worker),
    onDeath: (listener) => {
      worker.on('error', listener);
      worker.on('exit', listener);
    },
    terminate: () => void worker.terminate(),
  };
}
