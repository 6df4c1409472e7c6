// A Studio without workers: answers at once or after `delay` ms, and can be told to fail. For tests of state and panels.
import type { CallOptions } from '../../../web/shared/call.ts';
import type { DataPlan, DataSource, ImportProgress, ImportResult } from '../../../web/shared/data-api.ts';
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
  EpochResult,
} from '../../../web/shared/engine-types.ts';
import type { Picture } from '../../../web/shared/engine-api.ts';
import { SortlabError } from '../../../web/shared/protocol.ts';
import type { FilePrediction, Progressing, Studio, StudioRestart, StudioSilence } from '../../../web/engine/studio.ts';

const CLASSES = ['cardboard', 'glass', 'metal', 'paper', 'plastic', 'trash'];

export class FakeStudio implements Studio {
  readonly calls: string[] = [];
  delay = 0;
  counts = [40, 50, 41, 60, 48, 14];
  classes = CLASSES;
  skipped: ImportResult['skipped'] = [];
  findings: ImportResult['findings'] = [];
  /** Thrown by the named call. */
  failing = new Map<string, Error>();
  /** Epochs after which a run is given up. */
  divergesAfter = Infinity;
  closed = false;
  private present: ModelInfo | null = null;
  private settings: TrainSettings | null = null;
  private listeners: ((event: StudioRestart) => void)[] = [];
  private silenceListeners: ((event: StudioSilence) => void)[] = [];

  constructor(readonly choice: EngineChoice = 'auto') {}

  get count(): number {
    return this.counts.reduce((sum, one) => sum + one, 0);
  }
  get labels(): number[] {
    return this.counts.flatMap((count, label) => Array.from({ length: count }, () => label));
  }

  async start(): Promise<EngineInfo> {
    await this.step('start');
    return { engine: this.choice === 'simd' ? 'simd' : 'relaxed', threads: 2, threadsNote: '' };
  }
  async presets(): Promise<Preset[]> {
    await this.step('presets');
    return [
      { name: 'compact', title: 'Compact', imageSize: 96, epochs: 12, batchSize: 32, learningRate: 0.002 },
      { name: 'notebook', title: 'Notebook', imageSize: 224, epochs: 10, batchSize: 32, learningRate: 0.001 },
    ];
  }
  async openData(source: DataSource, options: CallOptions<Progressing> = {}): Promise<DataPlan> {
    await this.step('openData', options);
    const classes = this.classes.map((name, index) => ({ name, count: this.counts[index] ?? 0 }));
    const { skipped, findings } = this;
    return { name: source.name, classes, photoCount: this.count, totalBytes: 52e6, skipped, findings };
  }
  async importPhotos(
    square: { size: number; fit: Fit },
    options: CallOptions<ImportProgress> = {},
  ): Promise<ImportResult> {
    this.calls.push(`importPhotos ${square.size} ${square.fit}`);
    const parts = 20;
    for (let part = 1; part <= parts; part += 1) {
      await this.step('decode', options);
      const done = Math.round((this.count * part) / parts);
      const perClass = this.counts.map((count) => Math.round((count * part) / parts));
      options.onProgress?.({ done, total: this.count, perClass, skipped: 0, secondsLeft: (parts - part) * 0.4 });
    }
    return {
      classes: this.classes.map((name, index) => ({ name, count: this.counts[index] ?? 0 })),
      photoIds: this.labels.map((_, index) => index + 100),
      labels: this.labels,
      skipped: this.skipped,
      findings: this.findings,
      decodedByBrowser: 0,
      sizes: [
        { width: 512, height: 384, count: this.count - 20 },
        { width: 4032, height: 3024, count: 12 },
        { width: 384, height: 512, count: 8 },
      ],
      seconds: 4.2,
    };
  }
  async drawExample(
    { perClass }: { size: number; perClass: number; seed: number },
    options: CallOptions<Progressing> = {},
  ): Promise<{ classes: string[]; count: number; labels: number[] }> {
    this.calls.push('drawExample');
    this.classes = ['circle', 'square', 'triangle', 'star', 'ring', 'cross'];
    this.counts = this.classes.map(() => perClass);
    for (let done = 36; done <= this.count; done += 36) {
      await this.step('draw', options);
      options.onProgress?.({ done, total: this.count });
    }
    return { classes: this.classes, count: this.count, labels: this.labels };
  }
  async photoPixels(index: number): Promise<Uint8Array> {
    await this.step('photoPixels');
    return drawnPixels(index, this.labels[index] ?? 0);
  }
  async plan(): Promise<MemoryPlan> {
    await this.step('plan');
    return {
      parameters: 1.2e6,
      activations: 46e6,
      workspaces: 22e6,
      dataset: this.count * 27648,
      model: 2e6,
      total: 78e6,
    };
  }
  async train(settings: TrainSettings, options: CallOptions<TrainProgress> = {}): Promise<TrainResult> {
    this.settings = settings;
    const history: EpochResult[] = [];
    const stepsPerEpoch = 6;
    const base = { epochs: settings.epochs, stepsPerEpoch, rateHalvings: 0, imagesPerSecond: 142 };
    let stopped = false;
    const epochs = Math.min(settings.epochs, this.divergesAfter);
    for (let epoch = 0; epoch < epochs && !stopped; epoch += 1) {
      for (let step = 0; step <= stepsPerEpoch && !stopped; step += 1) {
        try {
          await this.step('train', options);
        } catch (error) {
          if (!(error instanceof SortlabError) || error.code !== 'cancelled') throw error;
          stopped = true;
          break;
        }
        const last = history.at(-1);
        options.onProgress?.({
          ...base,
          phase: 'training',
          epoch,
          step,
          trainLoss: (last?.trainLoss ?? 1.8) * (1 - 0.02 * step),
          trainAccuracy: Math.min(1, (last?.trainAccuracy ?? 0.18) * (1 + 0.02 * step)),
          imagesTrained: (epoch * stepsPerEpoch + step) * 32,
          secondsElapsed: epoch * 3,
          secondsLeft: (settings.epochs - epoch) * 3,
          bestEpoch: bestOf(history),
          diverged: false,
          history: history.slice(),
        });
      }
      if (!stopped) history.push(epochResult(epoch, settings.learningRate));
    }
    this.present = this.modelOf(settings.imageSize, settings.fit);
    return {
      stopped,
      diverged: epochs < settings.epochs,
      bestEpoch: bestOf(history),
      history,
      trainCount: 180,
      validationCount: 36,
      testCount: 37,
      imagesPerSecond: 142,
      seconds: 38,
      weightsSha256: '00',
      engine: await this.start(),
      plan: await this.plan(),
    };
  }
  async evaluate(part: 'test' | 'all', options: CallOptions<Progressing> = {}): Promise<EvaluationResult> {
    this.calls.push(`evaluate ${part}`);
    await this.step('evaluate', options);
    options.onProgress?.({ done: 10, total: 37 });
    await this.step('evaluate', options);
    const indices = this.labels.map((_, index) => index).filter((index) => part === 'all' || index % 7 === 0);
    return evaluationOf(this.classes, indices, this.labels, part === 'all' ? 180 : 0);
  }
  async predict(pictures: Picture[]): Promise<Prediction[]> {
    await this.step('predict');
    return pictures.map((_, index) => predictionOf(this.classes.length, (Date.now() >> 10) + index));
  }
  async predictFiles(files: { name: string; file: Blob }[], options: CallOptions = {}): Promise<FilePrediction[]> {
    await this.step('predictFiles', options);
    return files.map(({ name }, index) =>
      /\.heic$/i.test(name)
        ? {
            ok: false,
            name,
            reason: 'unsupported',
            detail: `“${name}” is a HEIC photo, which cannot be read here; export it as JPEG.`,
          }
        : {
            ok: true,
            name,
            pixels: new Uint8Array(3),
            prediction: predictionOf(this.classes.length, name.length + index),
          },
    );
  }
  async model(): Promise<ModelInfo | null> {
    return this.present;
  }
  async saveModel(): Promise<Uint8Array> {
    await this.step('saveModel');
    return new Uint8Array(64);
  }
  async openModel(bytes: Uint8Array, name: string): Promise<ModelInfo> {
    this.calls.push(`openModel ${name} ${bytes.length}`);
    await this.step('openModel');
    this.present = this.modelOf(96, 'crop');
    return this.present;
  }
  onRestart(listener: (event: StudioRestart) => void): () => void {
    this.listeners.push(listener);
    return () => undefined;
  }
  onSilence(listener: (event: StudioSilence) => void): void {
    this.silenceListeners.push(listener);
  }
  fallSilent(event: StudioSilence): void {
    this.silenceListeners.forEach((listener) => listener(event));
  }
  restart(event: StudioRestart): void {
    this.listeners.forEach((listener) => listener(event));
  }
  close(): void {
    this.closed = true;
  }

  private modelOf(imageSize: number, fit: Fit): ModelInfo {
    const name = this.settings?.preset ?? 'compact';
    return { name, classes: this.classes, imageSize, fit, parameterCount: 198342, training: {} };
  }

  private async step(
    call: string,
    options:
      CallOptions<never> | CallOptions<Progressing> | CallOptions<ImportProgress> | CallOptions<TrainProgress> = {},
  ): Promise<void> {
    if (!['start', 'plan', 'photoPixels', 'train', 'decode', 'draw'].includes(call)) this.calls.push(call);
    await new Promise((resolve) => setTimeout(resolve, this.delay));
    if (options.signal?.aborted === true) throw new SortlabError('cancelled', 'Cancelled.');
    const error = this.failing.get(call);
    if (error) throw error;
  }
}

function bestOf(history: EpochResult[]): number {
  let best = -1;
  history.forEach((one, index) => {
    if (best < 0 || one.validationLoss < (history[best]?.validationLoss ?? Infinity)) best = index;
  });
  return best;
}

function epochResult(epoch: number, learningRate: number): EpochResult {
  const wobble = Math.sin(epoch * 2.3) * 0.02;
  return {
    trainLoss: 0.25 + 1.5 * Math.exp(-epoch / 3.5),
    trainAccuracy: 0.93 - 0.7 * Math.exp(-epoch / 3.5),
    validationLoss: 0.55 + 1.3 * Math.exp(-epoch / 3) + wobble + epoch * 0.012,
    validationAccuracy: 0.8 - 0.58 * Math.exp(-epoch / 3) + wobble,
    learningRate,
  };
}

function predictionOf(classes: number, seed: number): Prediction {
  const label = Math.abs(seed) % classes;
  const probs = new Float32Array(classes).map((_, index) => (index === label ? 5 : 0.3 + ((index * 7 + seed) % 5) / 5));
  const sum = probs.reduce((total, one) => total + one, 0);
  return { label, probs: probs.map((one) => one / sum) };
}

function evaluationOf(classes: string[], indices: number[], labels: number[], seen: number): EvaluationResult {
  const width = classes.length;
  const probs = new Float32Array(indices.length * width);
  const confusion = classes.map(() => classes.map(() => 0));
  let right = 0;
  indices.forEach((index, place) => {
    const truth = labels[index] ?? 0;
    const wrong = place % 5 === 0;
    const { probs: row, label } = predictionOf(width, wrong ? truth + 1 + (place % 2) : truth);
    probs.set(row, place * width);
    const cells = confusion[truth];
    if (cells) cells[label] = (cells[label] ?? 0) + 1;
    if (label === truth) right += 1;
  });
  const support = (truth: number) => (confusion[truth] ?? []).reduce((sum, one) => sum + one, 0);
  const perClass = classes.map((_, truth) => {
    const hit = confusion[truth]?.[truth] ?? 0;
    const called = confusion.reduce((sum, row) => sum + (row[truth] ?? 0), 0);
    const precision = called > 0 ? hit / called : 0;
    const recall = support(truth) > 0 ? hit / support(truth) : 0;
    return {
      precision,
      recall,
      f1: hit > 0 ? (2 * precision * recall) / (precision + recall) : 0,
      support: support(truth),
    };
  });
  const accuracy = right / indices.length;
  const average = { precision: accuracy, recall: accuracy, f1: accuracy, support: indices.length };
  return {
    classes,
    count: indices.length,
    loss: 0.6,
    accuracy,
    accuracyLow: accuracy - 0.11,
    accuracyHigh: accuracy + 0.08,
    perClass,
    macro: average,
    weighted: average,
    confusion,
    indices,
    probs,
    seenInTraining: seen,
  };
}

/** (64, 64, 3): a soft shape on a soft ground, different for each photo. */
export function drawnPixels(index: number, label: number): Uint8Array {
  const side = 64;
  const pixels = new Uint8Array(side * side * 3);
  const hue = [30, 200, 120, 50, 280, 0][label % 6] ?? 0;
  const turn = (index * 37) % 60;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const dx = x - 32 + (index % 9) - 4;
      const dy = y - 32 + (index % 7) - 3;
      const inside =
        label % 2 === 0
          ? Math.hypot(dx, dy) < 18 + (index % 5)
          : Math.max(Math.abs(dx), Math.abs(dy)) < 15 + (index % 6);
      const light = inside ? 0.55 + (32 - y) / 160 : 0.82 - y / 400;
      const tone = inside ? hue + turn / 4 : 40 + turn;
      for (let c = 0; c < 3; c += 1) {
        const wave = 0.5 + 0.5 * Math.cos(((tone - c * 120) * Math.PI) / 180);
        const saturation = inside ? 0.6 : 0.12;
        pixels[(y * side + x) * 3 + c] = 255 * Math.min(1, light * (1 - saturation + saturation * wave * 1.4));
      }
    }
  }
  return pixels;
}
