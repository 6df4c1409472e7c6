// What the page sees of the engine: one object that owns the workers. No panel posts a message or knows a worker.
import type { CallOptions } from '../shared/call.ts';
import type { DataPlan, DataSource, ImportProgress, ImportResult, SkipReason } from '../shared/data-api.ts';
import type {
  EngineChoice,
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
import type { Picture } from '../shared/engine-api.ts';
import { WorkerStudio } from './worker-studio.ts';

export interface StudioOptions {
  /** Called for the first start and for each restart: `() => new Worker(new URL('../workers/engine-worker.ts', import.meta.url), { type: 'module' })`. */
  engineWorker: () => Worker;
  dataWorker: () => Worker;
  /** Absolute URL of the folder of the built modules, with a slash at its end. */
  wasmUrl: string;
  choice: EngineChoice;
  /** 0 (default): one per core where the page is isolated. */
  threads?: number;
  /** 0 (default): one decode worker per core, at most 8. */
  decodeWorkers?: number;
  /** How often a worker at work is asked whether it is there; default: 2000. */
  tickMilliseconds?: number;
}

export interface Progressing {
  done: number;
  total: number;
}

/** A photo given to Try: what the model says, or why it could not be read. */
export type FilePrediction =
  | { ok: true; name: string; pixels: Uint8Array; prediction: Prediction }
  | { ok: false; name: string; reason: SkipReason; detail: string };

/** A worker died and has been replaced. The photos of the data set are gone from memory (import again), the model is kept. */
export interface StudioRestart {
  worker: 'engine' | 'data';
  /** One sentence for people. */
  message: string;
  datasetLost: boolean;
  modelKept: boolean;
}

/** A worker at work has not answered for some seconds, or answers again. */
export interface StudioSilence {
  silent: boolean;
  /** One sentence for people; '' when it answers again. */
  message: string;
  /** Ends it and starts another, as if it had died. */
  restart(): void;
}

/**
 * Every call rejects with a SortlabError whose message is one sentence. Long calls take `{signal, onProgress}`; aborting
 * answers within 250 ms with the error "cancelled" (train: resolves with `stopped: true`).
 */
export interface Studio {
  /** Loads the modules; every other call waits for it. Calling it is optional. */
  start(): Promise<EngineInfo>;
  presets(): Promise<Preset[]>;

  /**
   * Reads names only. A File ending in .zip: `{kind: 'zip', name: file.name, file}`. `atLeast`: classes needed (2; 1 to test).
   */
  openData(source: DataSource, options?: CallOptions<Progressing>, atLeast?: number): Promise<DataPlan>;
  /**
   * Decodes the opened source into the engine's data set (which it replaces). `classes`: those of an opened model, in its
   * order, to test it on these photos.
   */
  importPhotos(
    request: { size: number; fit: Fit; classes?: readonly string[] },
    options?: CallOptions<ImportProgress>,
  ): Promise<ImportResult>;
  /** Replaces the data set with drawn pictures. */
  drawExample(
    example: { size: number; perClass: number; seed: number },
    options?: CallOptions<Progressing>,
  ): Promise<{ classes: string[]; count: number; labels: number[] }>;
  /** (size, size, 3) of a photo of the data set. */
  photoPixels(index: number): Promise<Uint8Array>;

  plan(settings: TrainSettings): Promise<MemoryPlan>;
  train(settings: TrainSettings, options?: CallOptions<TrainProgress>): Promise<TrainResult>;
  evaluate(part: 'test' | 'all', options?: CallOptions<Progressing>): Promise<EvaluationResult>;

  /** Pictures are handed over, not copied: their buffers are empty afterwards. */
  predict(pictures: Picture[]): Promise<Prediction[]>;
  /** Decodes files exactly as the training photos were, and predicts. Keeps the order of the files. */
  predictFiles(files: { name: string; file: Blob }[], options?: CallOptions): Promise<FilePrediction[]>;

  model(): Promise<ModelInfo | null>;
  /** The .safetensors file. */
  saveModel(): Promise<Uint8Array>;
  openModel(bytes: Uint8Array, name: string): Promise<ModelInfo>;

  /** Tells of workers that died and were replaced; returns the function that ends the subscription. */
  onRestart(listener: (event: StudioRestart) => void): () => void;
  /** Tells of workers that may be hung: a very large step looks the same, so the person decides. */
  onSilence(listener: (event: StudioSilence) => void): void;
  /** Ends the workers; the object is then useless. */
  close(): void;
}

/** Starts both workers at once. */
export function createStudio(options: StudioOptions): Studio {
  return new WorkerStudio(options);
}
