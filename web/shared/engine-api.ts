// Calls the engine worker answers. It owns the data set at training size, the training run and the current model.
import type { Call } from './protocol.ts';
import type {
  EngineChoice,
  EngineInfo,
  EvaluationResult,
  MemoryPlan,
  ModelInfo,
  Prediction,
  Preset,
  TrainProgress,
  TrainResult,
  TrainSettings,
} from './engine-types.ts';

/** A picture for prediction: RGBA or RGB bytes of any size, or an encoded file (JPEG or PNG, else decoded by the browser). */
export type Picture =
  | { kind: 'pixels'; width: number; height: number; channels: 3 | 4; data: Uint8Array }
  | { kind: 'square'; data: Uint8Array }; // (size, size, 3) at the model's size already

export type EngineApi = {
  /** First call. threads 0: one per core where the page is isolated. `wasmUrl` is the folder of the built modules. */
  load: Call<{ choice: EngineChoice; threads: number; wasmUrl: string }, EngineInfo>;
  presets: Call<Record<string, never>, Preset[]>;
  /** Empties the data set. Photos then arrive by `addPhotos`, or over the port given to `receivePhotos`. */
  beginDataset: Call<{ size: number; classes: string[]; expected: number }, void>;
  /** pixels (labels.length, size, size, 3). hashes: 16 hexadecimal digits each (FNV-1a-64 of the file's bytes), '' unknown. */
  addPhotos: Call<
    { pixels: Uint8Array<ArrayBuffer>; labels: number[]; hashes: string[] },
    { count: number; pixels: Uint8Array<ArrayBuffer> } // the same pixels, handed back: their buffer can be filled again
  >;
  /** A MessagePort whose other end is the data worker: it makes `addPhotos` calls over it. */
  receivePhotos: Call<{ port: unknown }, void>;
  /** (size, size, 3) of one photo of the data set. */
  photoPixels: Call<{ index: number }, Uint8Array>;
  plan: Call<{ settings: TrainSettings }, MemoryPlan>;
  /** Progress a few times a second. Cancelling stops within 250 ms and still resolves, with `stopped: true`. */
  train: Call<{ settings: TrainSettings }, TrainResult, TrainProgress>;
  /** part "test": photos training never saw; "all": every photo of the present data set (for a model from a file). */
  evaluate: Call<{ part: 'test' | 'all' }, EvaluationResult, { done: number; total: number }>;
  predict: Call<{ pictures: Picture[] }, Prediction[]>;
  model: Call<Record<string, never>, ModelInfo | null>;
  saveModel: Call<Record<string, never>, Uint8Array>;
  openModel: Call<{ bytes: Uint8Array; name: string }, ModelInfo>;
};
