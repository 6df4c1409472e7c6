import { connect, serve } from '../shared/call.ts';
import type { DataApi } from '../shared/data-api.ts';
import type { EngineApi } from '../shared/engine-api.ts';
import { eventPort } from '../shared/ports.ts';
import { DataHost } from './data-host.ts';
import type { PhotoSink } from './photo-batch.ts';
import type { WorkerLink } from './worker-link.ts';
import { openSourceInWorker } from './source-in-worker.ts';

function link(worker: Worker): WorkerLink {
  return {
    port: eventPort(worker),
    onDeath: (listener) => {
      const died = (event: Event): void => {
        event.preventDefault(); // or it would end this worker too
        listener();
      };
      worker.addEventListener('error', died);
      worker.addEventListener('messageerror', died);
    },
    terminate: () => worker.terminate(),
  };
}

function startDecoder(): WorkerLink {
  return link(new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module', name: 'sortlab-decode' }));
}
function startReader(): WorkerLink {
  return link(
    new Worker(new URL('./source-reader-worker.ts', import.meta.url), { type: 'module', name: 'sortlab-read' }),
  );
}

const connectEngine = (port: unknown): PhotoSink => {
  const engine = connect<Pick<EngineApi, 'beginDataset' | 'addPhotos'>>(eventPort(port as MessagePort));
  return {
    beginDataset: (params) => engine.call('beginDataset', params),
    stop: (message) => engine.stop(message),
    addPhotos: (params) => engine.call('addPhotos', params, { transfer: [params.pixels.buffer] }),
  };
};
const host = new DataHost(startDecoder, connectEngine, (source, hooks) =>
  openSourceInWorker(startReader, source, hooks),
);
serve<DataApi>(eventPort(self), host.handlers());
