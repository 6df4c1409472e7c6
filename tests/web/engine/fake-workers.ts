// Workers that run in this thread: the real hosts behind what looks like a Worker and can die.
import { openSource } from '../../../web/data/open-source.ts';
import { connect, serve } from '../../../web/shared/call.ts';
import type { DataApi } from '../../../web/shared/data-api.ts';
import type { EngineApi } from '../../../web/shared/engine-api.ts';
import { eventPort } from '../../../web/shared/ports.ts';
import { DataHost } from '../../../web/workers/data-host.ts';
import type { DecodeApi } from '../../../web/workers/decode-api.ts';
import { EngineHost } from '../../../web/workers/engine-host.ts';
import { PhotoDecoder } from '../../../web/workers/photo-decoder.ts';
import type { PhotoSink } from '../../../web/workers/photo-batch.ts';
import { FakeDecode } from '../workers/fake-decode.ts';
import { FakeWorld } from '../workers/fake-engine.ts';
import { FakeExample } from '../workers/fake-example.ts';

export class FakeWorker extends EventTarget {
  terminated = false;
  /** Neither hears nor speaks, as a worker in an endless loop. */
  hung = false;
  readonly #port: MessagePort;
  /** Other ports the worker was given: they end with it. */
  readonly ports: MessagePort[] = [];
  constructor(run: (scope: MessagePort) => void) {
    super();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = (event: MessageEvent) => {
      if (!this.terminated && !this.hung)
        this.dispatchEvent(new MessageEvent('message', { data: event.data as unknown }));
    };
    run(port2);
  }
  postMessage(message: unknown, transfer: Transferable[]): void {
    if (!this.hung) this.#port.postMessage(message, transfer as never);
  }
  terminate(): void {
    this.terminated = true;
    for (const port of [this.#port, ...this.ports]) port.close();
  }
  die(): void {
    this.dispatchEvent(new Event('error', { cancelable: true }));
  }
}

export function fakeWorkers() {
  const world = new FakeWorld();
  const engines: FakeWorker[] = [];
  const datas: FakeWorker[] = [];
  const engineWorker = (): Worker => {
    const worker = new FakeWorker((scope) => {
      const host = new EngineHost(world.environment(), (port) => {
        worker.ports.push(port as MessagePort);
        return eventPort(port as MessagePort);
      });
      serve<EngineApi>(eventPort(scope), host.handlers());
    });
    engines.push(worker);
    return worker as unknown as Worker;
  };
  const dataWorker = (): Worker => {
    const worker = new FakeWorker((scope) => {
      const connectEngine = (port: unknown): PhotoSink => {
        const engine = connect<Pick<EngineApi, 'beginDataset' | 'addPhotos'>>(eventPort(port as MessagePort));
        return {
          beginDataset: (params) => engine.call('beginDataset', params),
          addPhotos: (params) => engine.call('addPhotos', params),
          stop: (message) => engine.stop(message),
        };
      };
      const host = new DataHost(startDecoder, connectEngine, openSource, async () => new FakeExample());
      serve<DataApi>(eventPort(scope), host.handlers());
    });
    datas.push(worker);
    return worker as unknown as Worker;
  };
  return { world, engines, datas, engineWorker, dataWorker };
}

function startDecoder() {
  const { port1, port2 } = new MessageChannel();
  serve<DecodeApi>(eventPort(port2), {
    start: () => undefined,
    ...new PhotoDecoder(async () => new FakeDecode()).handlers(),
  });
  return { port: eventPort(port1), onDeath: () => undefined, terminate: () => port1.close() };
}
