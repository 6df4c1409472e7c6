import { connect, serve } from '../shared/call.ts';
import type { DataApi } from '../shared/data-api.ts';
import type { EngineApi } from '../shared/engine-api.ts';
import { eventPort } from '../shared/ports.ts';
import { DataHost } from './data-host.ts';
import type { DecoderLink } from './decode-pool.ts';

function startDecoder(): DecoderLink {
  const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module', name: 'sortlab-decode' });
  return {
    port: eventPort(worker),
    onDeath: (listener) => {
      worker.addEventListener('error', listener);
      worker.addEventListener('messageerror', listener);
    },
    terminate: () => worker.terminate(),
  };
}

const host = new DataHost(startDecoder, (port) => {
  const engine = connect<Pick<EngineApi, 'beginDataset' | 'addPhotos'>>(eventPort(port as MessagePort));
  return {
    beginDataset: (params) => engine.call('beginDataset', params),
    stop: (message) => engine.stop(message),
    addPhotos: (params) => engine.call('addPhotos', params, { transfer: [params.pixels.buffer] }),
  };
});
serve<DataApi>(eventPort(self), host.handlers());
