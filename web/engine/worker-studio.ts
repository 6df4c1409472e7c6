// The Studio over workers: calls wait for the start, a worker that dies is replaced, the last model is kept on this side.
import type { CallOptions, ParamsOf, ProgressOf, ResultOf } from '../shared/call.ts';
import type { DataApi, DataPlan, DataSource, ImportProgress, ImportResult } from '../shared/data-api.ts';
import type {
  EngineInfo,
  EvaluationResult,
  Fit,
  MemoryPlan,
  ModelInfo,
  Prediction,
  Preset,
  TrainProgress,
  TrainResult,
  TrainSettings,
} from '../shared/engine-types.ts';
import type { EngineApi, Picture } from '../shared/engine-api.ts';
import { engineErrors, workerSilent, workerStopped } from '../shared/messages.ts';
import { SortlabError } from '../shared/protocol.ts';
import type { FilePrediction, Progressing, Studio, StudioOptions, StudioRestart, StudioSilence } from './studio.ts';
import { StudioWorkers, type WorkerName } from './studio-workers.ts';

export class WorkerStudio implements Studio {
  readonly #workers: StudioWorkers;
  readonly #listeners = new Set<(event: StudioRestart) => void>();
  readonly #silenceListeners: ((event: StudioSilence) => void)[] = [];
  #savedModel: { bytes: Uint8Array; name: string } | null = null; // survives the engine
  #hasDataset = false;
  #closed = false;
  #crashes: number[] = []; // times; a worker that dies at once again and again is not started again
  #restoring: Promise<unknown> = Promise.resolve();

  constructor(options: StudioOptions) {
    this.#workers = new StudioWorkers(
      options,
      (name) => this.#restart(name),
      (name, silent) => this.#tellSilence(name, silent),
    );
  }

  start(): Promise<EngineInfo> {
    return this.#workers.ready;
  }

  presets(): Promise<Preset[]> {
    return this.#engine('presets', {});
  }

  openData(source: DataSource, options?: CallOptions<Progressing>, atLeast = 2): Promise<DataPlan> {
    return this.#data('open', { source, atLeast }, options);
  }

  async importPhotos(
    request: { size: number; fit: Fit; classes?: readonly string[] },
    options?: CallOptions<ImportProgress>,
  ): Promise<ImportResult> {
    const result = await this.#data('import', request, options);
    this.#hasDataset = true;
    return result;
  }

  async drawExample(
    example: { size: number; perClass: number; seed: number },
    options?: CallOptions<Progressing>,
  ): Promise<{ classes: string[]; count: number; labels: number[] }> {
    const result = await this.#data('drawExample', example, options);
    this.#hasDataset = true;
    return result;
  }

  photoPixels(index: number): Promise<Uint8Array> {
    return this.#engine('photoPixels', { index });
  }
  plan(settings: TrainSettings): Promise<MemoryPlan> {
    return this.#engine('plan', { settings });
  }

  async train(settings: TrainSettings, options?: CallOptions<TrainProgress>): Promise<TrainResult> {
    const result = await this.#engine('train', { settings }, options);
    const model = await this.#engine('model', {});
    if (model !== null) this.#savedModel = { bytes: await this.#engine('saveModel', {}), name: model.name };
    return result;
  }

  evaluate(part: 'test' | 'all', options?: CallOptions<Progressing>): Promise<EvaluationResult> {
    return this.#engine('evaluate', { part }, options);
  }

  predict(pictures: Picture[]): Promise<Prediction[]> {
    return this.#engine('predict', { pictures }, { transfer: pictures.map(({ data }) => data.buffer) });
  }

  async predictFiles(files: { name: string; file: Blob }[], options: CallOptions = {}): Promise<FilePrediction[]> {
    const model = await this.model();
    if (model === null) throw engineErrors.noModel();
    const decoded = await this.#data('decode', { files, size: model.imageSize, fit: model.fit }, options);
    const pictures = decoded.flatMap((photo): Picture[] => (photo.ok ? [{ kind: 'square', data: photo.pixels }] : []));
    const predictions = await this.#engine('predict', { pictures });
    let next = 0;
    return decoded.map((photo): FilePrediction => {
      if (!photo.ok) return photo;
      const { name, pixels } = photo;
      return { ok: true, name, pixels, prediction: predictions[next++] as Prediction };
    });
  }

  model(): Promise<ModelInfo | null> {
    return this.#engine('model', {});
  }
  saveModel(): Promise<Uint8Array> {
    return this.#engine('saveModel', {});
  }
  async openModel(bytes: Uint8Array, name: string): Promise<ModelInfo> {
    const model = await this.#engine('openModel', { bytes, name });
    this.#savedModel = { bytes, name };
    return model;
  }

  onRestart(listener: (event: StudioRestart) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onSilence(listener: (event: StudioSilence) => void): void {
    this.#silenceListeners.push(listener);
  }

  close(): void {
    this.#closed = true;
    this.#workers.close(workerStopped.closed);
  }

  async #engine<M extends keyof EngineApi>(
    method: M,
    params: ParamsOf<EngineApi[M]>,
    options?: CallOptions<ProgressOf<EngineApi[M]>>,
  ): Promise<ResultOf<EngineApi[M]>> {
    await this.#settled();
    const { engine } = this.#workers;
    try {
      return await engine.call(method, params, options);
    } catch (error) {
      // A trap inside the module: the worker still answers, the engine in it is lost.
      if (isStopped(error) && engine === this.#workers.engine) this.#restart('engine');
      throw error;
    }
  }

  async #data<M extends keyof DataApi>(
    method: M,
    params: ParamsOf<DataApi[M]>,
    options?: CallOptions<ProgressOf<DataApi[M]>>,
  ): Promise<ResultOf<DataApi[M]>> {
    await this.#settled();
    const { engine, data } = this.#workers;
    try {
      return await data.call(method, params, options);
    } catch (error) {
      // The data worker lives, so it was the engine that stopped while it took photos.
      if (isStopped(error) && data === this.#workers.data && engine === this.#workers.engine) this.#restart('engine');
      throw error;
    }
  }

  /** Both workers run and know each other; a restart in the meantime is waited for too. */
  async #settled(): Promise<void> {
    let ready: Promise<unknown>;
    do {
      ready = this.#workers.ready;
      await ready;
      await this.#restoring;
    } while (ready !== this.#workers.ready);
  }

  #tellSilence(name: WorkerName, silent: boolean): void {
    const { engine, data } = this.#workers;
    const restart = (): void => {
      // A worker that has been replaced meanwhile is not replaced again.
      if (engine === this.#workers.engine && data === this.#workers.data) this.#restart(name);
    };
    const event = { silent, message: silent ? workerSilent[name] : '', restart };
    for (const listener of this.#silenceListeners) listener(event);
  }

  #restart(name: WorkerName): void {
    if (this.#closed) return;
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((time) => now - time < crashMilliseconds), now];
    if (this.#crashes.length > crashLimit) {
      this.#closed = true;
      this.#workers.close(workerStopped.again);
      return;
    }
    const ready = this.#workers.replace(name);
    const kept = this.#savedModel;
    if (name === 'engine' && kept !== null) {
      this.#restoring = ready
        .then(() => this.#workers.engine.call('openModel', { ...kept }))
        .catch(() => (this.#savedModel = null));
    }
    const datasetLost = name === 'engine' && this.#hasDataset;
    if (datasetLost) this.#hasDataset = false;
    const event = { worker: name, message: workerStopped[name], datasetLost, modelKept: kept !== null };
    for (const listener of this.#listeners) listener(event);
  }
}

const crashLimit = 4;
const crashMilliseconds = 60_000;

function isStopped(error: unknown): boolean {
  return error instanceof SortlabError && error.code === 'worker-stopped';
}
