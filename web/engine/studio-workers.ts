// The two workers and the line between them. A worker that dies rejects its pending calls; a fresh pair of ends replaces it.
import { connect, type Client } from '../shared/call.ts';
import type { DataApi } from '../shared/data-api.ts';
import type { EngineApi } from '../shared/engine-api.ts';
import type { EngineInfo } from '../shared/engine-types.ts';
import { engineErrors, threadNotes, workerStopped } from '../shared/messages.ts';
import { eventPort } from '../shared/ports.ts';
import { SilenceWatch } from './silence-watch.ts';
import type { StudioOptions } from './studio.ts';

export type WorkerName = 'engine' | 'data';

/** A worker as a client; `died` is called once, when it is gone, `silence` as it falls silent and speaks again. */
class Running<A> {
  readonly client: Client<A>;
  readonly #worker: Worker;
  readonly #watch: SilenceWatch;
  #ended = false;

  constructor(worker: Worker, died: () => void, silence: (silent: boolean) => void, tickMilliseconds?: number) {
    this.#worker = worker;
    const dieOnce = (): void => {
      if (!this.#ended) died();
    };
    this.#watch = new SilenceWatch(
      eventPort(worker),
      { silent: () => silence(true), heard: () => silence(false), abandoned: dieOnce },
      tickMilliseconds,
    );
    this.client = connect<A>(this.#watch.port);
    const end = (event: Event): void => {
      event.preventDefault();
      dieOnce();
    };
    worker.addEventListener('error', end);
    worker.addEventListener('messageerror', end);
  }

  end(message: string): void {
    this.#ended = true;
    this.#watch.end();
    this.#worker.terminate();
    this.client.stop(message);
  }
}

export class StudioWorkers {
  readonly #options: StudioOptions;
  readonly #died: (name: WorkerName) => void;
  readonly #silence: (name: WorkerName, silent: boolean) => void;
  readonly #ios: boolean;
  #engine: Running<EngineApi> | null = null;
  #data: Running<DataApi> | null = null;
  /** The engine is loaded, and the data worker is connected to it. */
  ready: Promise<EngineInfo>;
  #engineReady: Promise<EngineInfo>;
  #dataReady: Promise<void>;

  constructor(
    options: StudioOptions,
    died: (name: WorkerName) => void,
    silence: (name: WorkerName, silent: boolean) => void,
  ) {
    this.#options = options;
    this.#died = died;
    this.#silence = silence;
    this.#ios = runsOnIos();
    this.#engineReady = this.#startEngine();
    this.#dataReady = this.#startData();
    this.ready = this.#attach();
  }

  get engine(): Client<EngineApi> {
    if (this.#engine === null) throw engineErrors.notLoaded();
    return this.#engine.client;
  }
  get data(): Client<DataApi> {
    if (this.#data === null) throw engineErrors.notLoaded();
    return this.#data.client;
  }

  replace(name: WorkerName): Promise<EngineInfo> {
    if (name === 'engine') {
      this.#engine?.end(workerStopped.engine);
      this.#engineReady = this.#startEngine();
    } else {
      this.#data?.end(workerStopped.data);
      this.#dataReady = this.#startData();
    }
    this.ready = this.#attach();
    return this.ready;
  }

  close(message: string): void {
    this.#engine?.end(message);
    this.#data?.end(message);
  }

  async #startEngine(): Promise<EngineInfo> {
    const running = this.#run<EngineApi>('engine', this.#options.engineWorker());
    this.#engine = running;
    const { choice, wasmUrl } = this.#options;
    const threads = this.#ios ? 1 : (this.#options.threads ?? 0);
    const info = await running.client.call('load', { choice, threads, wasmUrl });
    return this.#ios ? { ...info, threadsNote: threadNotes.ios } : info;
  }

  async #startData(): Promise<void> {
    const running = this.#run<DataApi>('data', this.#options.dataWorker());
    this.#data = running;
    const cores = Math.min(8, navigator.hardwareConcurrency || 2);
    const workers = this.#options.decodeWorkers || cores;
    await running.client.call('start', { wasmUrl: this.#options.wasmUrl, workers });
  }

  #run<A>(name: WorkerName, worker: Worker): Running<A> {
    const silence = (silent: boolean): void => this.#silence(name, silent);
    return new Running<A>(worker, () => this.#died(name), silence, this.#options.tickMilliseconds);
  }

  #attach(): Promise<EngineInfo> {
    const attached = this.#connectEnds();
    attached.catch(() => undefined); // reported by the calls that wait for it
    return attached;
  }

  async #connectEnds(): Promise<EngineInfo> {
    const [info] = await Promise.all([this.#engineReady, this.#dataReady]);
    const { port1, port2 } = new MessageChannel();
    await Promise.all([
      this.engine.call('receivePhotos', { port: port1 }, { transfer: [port1] }),
      this.data.call('attachEngine', { port: port2 }, { transfer: [port2] }),
    ]);
    return info;
  }
}

/** iPads call themselves Macintosh; only the page, not a worker, can tell by their touch screen. */
function runsOnIos(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad|iPod/u.test(userAgent) || (userAgent.includes('Macintosh') && maxTouchPoints > 1);
}
