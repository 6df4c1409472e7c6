// What the engine takes and gives. Plain data; shapes beside buffers. What the core itself takes and gives is declared by
// the wasm build; here stands what the page makes of it.
import type * as core from '#wasm/engine';
import type { Given, Narrowed } from './emitted.ts';

/** "simd" gives the same bits on every device; "relaxed" is about a quarter faster; "auto" takes relaxed where it runs. */
export type EngineVariant = 'simd' | 'relaxed';
export type EngineChoice = 'auto' | EngineVariant;

export interface EngineInfo {
  engine: EngineVariant;
  threads: number;
  /** Why there is one thread, or ''. */
  threadsNote: string;
}

export type ModelInfo = Given<NonNullable<ReturnType<core.Engine['modelInfo']>>>;
/** How a photo becomes a square: "crop" or "squeeze". */
export type Fit = ModelInfo['fit'];

export type Preset = Given<core.Preset>;

/**
 * One object holds everything a training run depends on. imageSize: side in pixels; the data set must be decoded at it.
 * The three percentages add up to 100. seed: 0 to 2^32 - 1.
 */
export type TrainSettings = Narrowed<Given<core.TrainSettings>, { fit: Fit }>;

/** Bytes. */
export type MemoryPlan = core.MemoryPlan;

/** One epoch; the two of validation are NaN where there is no validation part. */
export type EpochResult = core.EpochResult;

/** epoch: 0-based, under way. trainLoss, trainAccuracy: running, of this epoch. bestEpoch: -1 before the first. */
export type RawProgress = Narrowed<Given<core.RawProgress>, { phase: 'training' | 'validating' | 'done' }>;

export interface TrainProgress extends RawProgress {
  epochs: number;
  imagesPerSecond: number; // over the last seconds
  secondsElapsed: number;
  secondsLeft: number; // an estimate; Infinity before there is one
  history: EpochResult[]; // epochs that are complete
}

export interface TrainResult {
  stopped: boolean; // true: by the user, before the last epoch; the best epoch so far is kept all the same
  diverged: boolean; // true: the engine ended it early, since the loss would not stay a number; the same
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

export type ClassScore = core.ClassScore;

/**
 * accuracyLow, accuracyHigh: Wilson's 95 % interval. confusion: true classes as rows. indices: photos of the data set;
 * probs (indices, classes) in their order. seenInTraining: photos whose bytes the model was trained or tuned on.
 */
export type RawEvaluation = Given<ReturnType<core.Engine['evaluation']>>;

export interface EvaluationResult extends Omit<RawEvaluation, 'indices'> {
  classes: string[];
  count: number;
  indices: number[];
}

export interface Prediction {
  probs: Float32Array; // (classes)
  label: number; // index of the largest
}
