import type { Preset, TrainSettings } from '../shared/engine-types.ts';

/** Used until the engine has named its presets, and where a stored value makes no sense. */
export const defaultSettings: TrainSettings = {
  preset: 'compact',
  imageSize: 96,
  fit: 'squeeze',
  epochs: 20,
  batchSize: 32,
  learningRate: 0.001,
  trainPercent: 70,
  validationPercent: 15,
  testPercent: 15,
  augment: true,
  seed: 1,
};

export const imageSizes = [32, 48, 64, 96, 128, 160, 192, 224] as const;
export const batchSizes = [8, 16, 32, 64] as const;

/** Train / validation / test in percent. */
export const splits = [
  [70, 15, 15],
  [80, 10, 10],
  [60, 20, 20],
  [50, 25, 25],
] as const;

/** What a preset says, laid over the settings; the rest stays as the person left it. */
export function withPreset(settings: TrainSettings, preset: Preset): TrainSettings {
  return {
    ...settings,
    preset: preset.name,
    imageSize: preset.imageSize,
    epochs: preset.epochs,
    batchSize: preset.batchSize,
    learningRate: preset.learningRate,
  };
}

export type SettingProblems = Partial<Record<keyof TrainSettings, string>>;

/** One sentence for each setting that cannot be trained with; {} where all is well. */
export function settingProblems(settings: TrainSettings): SettingProblems {
  const problems: SettingProblems = {};
  const { epochs, batchSize, imageSize, learningRate, seed } = settings;
  if (!wholeBetween(epochs, 1, 1000)) problems.epochs = 'Epochs is a whole number from 1 to 1000.';
  if (!wholeBetween(batchSize, 1, 512)) problems.batchSize = 'Batch size is a whole number from 1 to 512.';
  if (!wholeBetween(imageSize, 16, 512)) problems.imageSize = 'Image size is a whole number from 16 to 512.';
  if (!(learningRate > 0 && learningRate <= 1)) problems.learningRate = 'Learning rate lies above 0 and is at most 1.';
  if (!wholeBetween(seed, 0, 0xffffffff)) problems.seed = 'Seed is a whole number from 0 to 4294967295.';
  const parts = [settings.trainPercent, settings.validationPercent, settings.testPercent];
  const sum = parts.reduce((total, part) => total + part, 0);
  if (parts.some((part) => !(part >= 0)) || sum !== 100 || settings.trainPercent < 1) {
    problems.trainPercent = 'Train, validation and test add up to 100 percent, and train is not 0.';
  }
  return problems;
}

/** Settings from storage are as untrusted as any file: each value is checked, unknown ones fall away. */
export function settingsFrom(stored: unknown, fallback: TrainSettings = defaultSettings): TrainSettings {
  if (typeof stored !== 'object' || stored === null) return fallback;
  const given = stored as Record<string, unknown>;
  const settings = { ...fallback };
  for (const key of numberKeys) if (typeof given[key] === 'number') settings[key] = given[key];
  if (typeof given.preset === 'string' && given.preset.length <= 64) settings.preset = given.preset;
  if (given.fit === 'crop' || given.fit === 'squeeze') settings.fit = given.fit;
  if (typeof given.augment === 'boolean') settings.augment = given.augment;
  return Object.keys(settingProblems(settings)).length === 0 ? settings : fallback;
}

const numberKeys = [
  'imageSize',
  'epochs',
  'batchSize',
  'learningRate',
  'trainPercent',
  'validationPercent',
  'testPercent',
  'seed',
] as const;

function wholeBetween(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

/**
 * Photos in each part of one split, by the engine's rule: of each class the rounded share, at least one where enough are
 * there. Copies of one photo stay together, so with copies the engine's counts may differ by a few.
 */
export function splitPreview(
  counts: number[],
  settings: TrainSettings,
): { train: number; validation: number; test: number } {
  let validation = 0;
  let test = 0;
  let total = 0;
  for (const count of counts) {
    const ofTest = settings.testPercent > 0 ? partOf(count, settings.testPercent) : 0;
    test += ofTest;
    validation += partOf(count, settings.validationPercent, count - ofTest);
    total += count;
  }
  return { train: Math.max(0, total - validation - test), validation, test };
}

/** One photo at least, and never the last that is left. */
function partOf(count: number, percent: number, left = count): number {
  return Math.max(0, Math.min(Math.max(1, Math.round((count * percent) / 100)), left - 1));
}
