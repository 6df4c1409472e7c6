// What the engine takes and gives. Plain data; shapes beside buffers.

/** "simd" gives the same bits on every device; "relaxed" is about a quarter faster; "auto" takes relaxed where it runs. */
export type EngineVariant = 'simd' | 'relaxed';
export type EngineChoice = 'auto' | EngineVariant;

export interface EngineInfo {
  engine: EngineVariant;
  threads: number;
  /** Why there is one thread, or ''. */
  threadsNote: string;
}

export type Fit = 'crop' | 'squeeze';

export interface Preset {
  name: string;
  title: string;
  imageSize: number;
  epochs: number;
  batchSize: number;
  learningRate: number;
}

/** One object holds everything a training run depends on. */
export interface TrainSettings {
  preset: string;
  imageSize: number; // side in pixels; the data set must be decoded at it
  fit: Fit;
  epochs: number;
  batchSize: number;
  learningRate: number;
  trainPercent: number; // the three add up to 100
  validationPercent: number;
  testPercent: number;
  augment: boolean;
  seed: number; // 0 .. 2^32 - 1
}

/** Bytes. */
export interface MemoryPlan {
  parameters: number;
  activations: number;
  workspaces: number;
  dataset: number;
  total: number;
}

export interface EpochResult {
  trainLoss: number;
  trainAccuracy: number;
  validationLoss: number; // NaN where there is no validation part
  validationAccuracy: number;
  learningRate: number;
}

export interface TrainProgress {
  phase: 'training' | 'validating' | 'done';
  epoch: number; // 0-based, under way
  epochs: number;
  step: number;
  stepsPerEpoch: number;
  trainLoss: number; // running, this epoch
  trainAccuracy: number;
  imagesTrained: number;
  imagesPerSecond: number; // over the last seconds
  secondsElapsed: number;
  secondsLeft: number; // an estimate; Infinity before there is one
  bestEpoch: number; // -1 before the first
  rateHalvings: number;
  history: EpochResult[]; // epochs that are complete
}

export interface TrainResult {
  stopped: boolean; // true: by the user, before the last epoch; the best epoch so far is kept all the same
  bestEpoch: number;
  history: EpochResult[];
  trainCount: number;
  validationCount: number;
  testCount: number;
  imagesPerSecond: number; // photos trained on per second of training, validation left out
  seconds: number;
  weightsSha256: string; // over the float32 weights in graph order
  engine: EngineInfo;
  plan: MemoryPlan;
}

export interface ClassScore {
  precision: number;
  recall: number;
  f1: number;
  support: number;
}

export interface EvaluationResult {
  classes: string[];
  count: number;
  loss: number;
  accuracy: number;
  accuracyLow: number; // Wilson 95 %
  accuracyHigh: number;
  perClass: ClassScore[];
  macro: ClassScore;
  weighted: ClassScore;
  confusion: number[][]; // true classes as rows
  indices: number[]; // photos of the data set, in this order
  probs: Float32Array; // (indices, classes)
  seenInTraining: number; // photos whose bytes the model was trained or tuned on
}

export interface ModelInfo {
  name: string; // architecture
  classes: string[];
  imageSize: number;
  fit: Fit;
  parameterCount: number;
  training: { [key: string]: unknown }; // what the file says about its training, for people; untrusted
}

export interface Prediction {
  probs: Float32Array; // (classes)
  label: number; // index of the largest
}
