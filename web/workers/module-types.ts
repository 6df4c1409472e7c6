// The built modules as TypeScript sees them. Fallible calls give an Error with `code` and `subject` instead of throwing
// through C++ frames: pass every result through `unwrap`.
import type {
  ClassScore,
  EpochResult,
  Fit,
  MemoryPlan,
  ModelInfo,
  Preset,
  TrainSettings,
} from '../shared/engine-types.ts';

export type Fallible<T> = T | (Error & { code: string; subject: string });

/** decode.js: untrusted bytes to RGB at training size. Holds nothing else. */
export interface DecodeModule {
  /** As stored, before the EXIF turn. */
  inspectImage(bytes: Uint8Array): Fallible<{ format: string; width: number; height: number; orientation: number }>;
  /** (size, size, 3) */
  decodeToSquare(bytes: Uint8Array, size: number, fit: Fit): Fallible<Uint8Array>;
  /** channels 3 or 4 (alpha is laid over white); (size, size, 3) */
  resizeToSquare(
    pixels: Uint8Array,
    width: number,
    height: number,
    channels: number,
    size: number,
    fit: Fit,
  ): Fallible<Uint8Array>;
  /** FNV-1a-64, 16 hexadecimal digits */
  hash(bytes: Uint8Array): string;
  setArenaBytes(bytes: number): void;
}

export interface RawProgress {
  phase: 'training' | 'validating' | 'done';
  epoch: number;
  step: number;
  stepsPerEpoch: number;
  trainLoss: number;
  trainAccuracy: number;
  imagesTrained: number;
  bestEpoch: number;
  rateHalvings: number;
}

export interface RawEvaluation {
  loss: number;
  accuracy: number;
  accuracyLow: number;
  accuracyHigh: number;
  perClass: ClassScore[];
  macro: ClassScore;
  weighted: ClassScore;
  confusion: number[][];
  indices: Uint32Array;
  probs: Float32Array;
  seenInTraining: number;
}

/** One data set, at most one training run, at most one model. delete() frees it all. */
export interface Engine {
  delete(): void;
  presets(): Preset[];
  plan(settings: TrainSettings, photos: number, classes: number): Fallible<MemoryPlan>;

  beginDataset(size: number, classes: string[], expected: number): Fallible<undefined>;
  /** pixels (labels.length, size, size, 3) */
  addPhotos(pixels: Uint8Array, labels: Int32Array, hashes: string[]): Fallible<undefined>;
  /** Adds drawn pictures index 0 .. perClass-1 of one label; drawnClasses() names the labels. */
  drawExample(seed: number, label: number, perClass: number): Fallible<undefined>;
  drawnClasses(): string[];
  datasetCount(): number;
  datasetClasses(): string[];
  photoPixels(index: number): Fallible<Uint8Array>;

  beginTraining(settings: TrainSettings): Fallible<MemoryPlan>;
  /** Works for about that long; at least one step. */
  trainFor(milliseconds: number): Fallible<RawProgress>;
  history(): EpochResult[];
  /** 0 train, 1 validation, 2 test, of every photo at the last beginTraining. */
  splitOf(): Uint8Array;
  /** Makes the best epoch's weights the current model and frees the training memory. training: JSON for people. */
  finishTraining(training: string): Fallible<undefined>;

  modelInfo(): ModelInfo | null;
  /** Bytes of the float32 weights in graph order, for their SHA-256. */
  weightBytes(): Uint8Array;
  saveModel(): Fallible<Uint8Array>;
  openModel(bytes: Uint8Array): Fallible<ModelInfo>;

  /** indices: photos of the data set */
  beginEvaluation(indices: Uint32Array): Fallible<undefined>;
  /** Share done; 1: evaluation() is ready. */
  evaluateFor(milliseconds: number): Fallible<number>;
  evaluation(): RawEvaluation;
  /** squares (count, size, size, 3); (count, classes) */
  predict(squares: Uint8Array, count: number): Fallible<Float32Array>;
  /** Any picture to the model's square. */
  toSquare(pixels: Uint8Array, width: number, height: number, channels: number): Fallible<Uint8Array>;
}

export interface EngineModule {
  Engine: new (threads: number) => Engine;
  variant(): 'simd' | 'relaxed';
  /** Threaded builds: Emscripten's pool. Its workers outlive the engine, and keep the memory, unless they are ended. */
  PThread?: { terminateAllThreads(): void };
}

/** wasmMemory: a memory of the planned size (else the module makes a growing one). */
export interface ModuleOptions {
  wasmMemory?: WebAssembly.Memory;
  locateFile?: (file: string) => string;
  pthreadPoolSize?: number;
  wasmBinary?: ArrayBuffer;
}

/** The default export of every built module. */
export type ModuleFactory<M> = (options?: ModuleOptions) => Promise<M>;

/** Files below the wasm folder: decode.js, engine-simd.js, engine-relaxed.js, engine-simd-mt.js, engine-relaxed-mt.js. */
export function engineFile(variant: 'simd' | 'relaxed', threads: boolean): string {
  return `engine-${variant}${threads ? '-mt' : ''}.js`;
}
