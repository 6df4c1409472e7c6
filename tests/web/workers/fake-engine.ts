// An engine without a network: it checks what the host asks of it, and counts instead of learning.
import type {
  EpochResult,
  MemoryPlan,
  ModelInfo,
  Preset,
  RawEvaluation,
  RawProgress,
  TrainSettings,
} from '../../../web/shared/engine-types.ts';
import type { EngineEnvironment } from '../../../web/workers/engine-environment.ts';
import type { Engine, EngineModule, Fallible } from '../../../web/workers/module-types.ts';

export const fail = (code: string, message: string): Error & { code: string; subject: string } =>
  Object.assign(new Error(message), { code, subject: 'the subject' });

export const testSettings: TrainSettings = {
  preset: 'compact',
  imageSize: 2,
  fit: 'squeeze',
  epochs: 3,
  batchSize: 4,
  learningRate: 0.01,
  trainPercent: 50,
  validationPercent: 25,
  testPercent: 25,
  augment: true,
  seed: 1,
};

const size = 2; // side of every picture
const stepsPerEpoch = 4;
const imagesPerStep = 4;

/** Everything made and dropped, over all instances of one host. */
export class FakeWorld {
  readonly engines: FakeEngine[] = [];
  readonly memories: (WebAssembly.Memory | undefined)[] = [];
  readonly poolSizes: (number | undefined)[] = [];
  readonly files: string[] = [];
  poolsEnded = 0;
  planBytes = 1000;
  /** Milliseconds that the clock shows; every slice takes 50. */
  clock = 0;
  onAddPhotos: () => void = () => undefined;
  onSlice: (slice: number) => void = () => undefined;
  slices = 0;
  trapAt = Infinity;
  divergeAt = Infinity;
  giveUpAt = Infinity; // a slice: done early, with what there is to keep
  /** No worker can be started. */
  lackThreads = false;
  /** How often a training will not find its memory. */
  lackMemory = 0;

  environment(overrides: Partial<EngineEnvironment> = {}): EngineEnvironment {
    return {
      importEngine: async (_, file) => {
        this.files.push(file);
        return async (options = {}) => {
          if (this.lackThreads && (options.pthreadPoolSize ?? 0) > 0) throw new Error('no worker');
          this.memories.push(options.wasmMemory);
          this.poolSizes.push(options.pthreadPoolSize);
          return this.module();
        };
      },
      hasRelaxedSimd: async () => true,
      isolated: true,
      ios: false,
      cores: 4,
      now: () => this.clock,
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      sha256: async (bytes) => `hash of ${bytes.length} bytes`,
      ...overrides,
    };
  }

  module(): EngineModule {
    const make = (threads: number): FakeEngine => {
      const engine = new FakeEngine(this, threads);
      this.engines.push(engine);
      return engine;
    };
    return {
      Engine: function (threads: number) {
        return make(threads);
      } as unknown as EngineModule['Engine'],
      PThread: { terminateAllThreads: () => void this.poolsEnded++ },
    };
  }

  get last(): FakeEngine {
    return this.engines.at(-1) as FakeEngine;
  }
}

export class FakeEngine implements Engine {
  deleted = false;
  classes: string[] = [];
  pixels: number[] = []; // first byte of each photo
  labels: number[] = [];
  hashes: string[] = [];
  modelClasses: string[] | null = null;
  record = '';
  #steps = 0;
  #settings = testSettings;
  #evaluated: Uint32Array = new Uint32Array(0);
  #share = 0;

  constructor(
    readonly world: FakeWorld,
    readonly threads: number,
  ) {}

  delete(): void {
    this.deleted = true;
  }
  #use(): void {
    if (this.deleted) throw new Error('used after delete');
  }
  presets(): Preset[] {
    this.#use();
    return [
      { name: 'compact', title: 'Compact', imageSize: 96, epochs: 40, batchSize: 32, learningRate: 0.001 },
      { name: 'notebook', title: 'Notebook', imageSize: size, epochs: 20, batchSize: 32, learningRate: 0.001 },
    ];
  }
  plan(settings: TrainSettings, photos: number, classes: number): Fallible<MemoryPlan> {
    this.#use();
    if (settings.epochs < 1) return fail('invalid-argument', 'Epochs must be at least 1.');
    if (classes < 2) return fail('invalid-data', 'There must be two classes.');
    const dataset = photos * size * size * 3;
    return { parameters: 0, activations: 0, workspaces: 0, dataset, model: 0, total: this.world.planBytes + dataset };
  }
  beginDataset(side: number, classes: string[]): Fallible<undefined> {
    this.#use();
    if (side !== size) return fail('invalid-argument', 'The side must be 2.');
    this.classes = classes;
    this.pixels = [];
    this.labels = [];
    this.hashes = [];
    return undefined;
  }
  addPhotos(pixels: Uint8Array, labels: Int32Array, hashes: string[]): Fallible<undefined> {
    this.#use();
    this.world.onAddPhotos();
    const photoBytes = size * size * 3;
    if (pixels.length !== labels.length * photoBytes || hashes.length !== labels.length) {
      return fail('invalid-argument', 'The counts do not match.');
    }
    labels.forEach((label, index) => {
      this.labels.push(label);
      this.pixels.push(pixels[index * photoBytes] ?? 0);
    });
    this.hashes.push(...hashes);
    return undefined;
  }
  photoPixels(index: number): Fallible<Uint8Array> {
    const value = this.pixels[index];
    return value === undefined ? fail('invalid-argument', 'No such photo.') : new Uint8Array(12).fill(value);
  }
  beginTraining(settings: TrainSettings): Fallible<MemoryPlan> {
    this.#use();
    this.#steps = 0;
    this.#settings = settings;
    if (this.world.lackMemory-- > 0) return fail('out-of-memory', 'This device cannot give the memory.');
    return this.plan(settings, this.labels.length, this.classes.length);
  }
  trainFor(): Fallible<RawProgress> {
    this.#use();
    const { world } = this;
    world.clock += 50;
    world.slices++;
    world.onSlice(world.slices);
    if (world.slices === world.trapAt) throw new WebAssembly.RuntimeError('unreachable');
    if (world.slices === world.divergeAt) return fail('diverged', 'The loss is no longer a number; lower the rate.');
    this.#steps++;
    const diverged = world.slices >= world.giveUpAt;
    const done = diverged || this.#steps >= this.#settings.epochs * stepsPerEpoch;
    return {
      phase: done ? 'done' : 'training',
      epoch: Math.floor(this.#steps / stepsPerEpoch),
      step: this.#steps % stepsPerEpoch,
      stepsPerEpoch,
      trainLoss: 1 / this.#steps,
      trainAccuracy: 0.5,
      imagesTrained: this.#steps * imagesPerStep,
      bestEpoch: this.history().length - 1,
      rateHalvings: 0,
      diverged,
    };
  }
  history(): EpochResult[] {
    return Array.from({ length: Math.floor(this.#steps / stepsPerEpoch) }, (_, epoch) => ({
      trainLoss: 1 / (epoch + 1),
      trainAccuracy: 0.5,
      validationLoss: 1,
      validationAccuracy: 0.5,
      learningRate: 0.01,
    }));
  }
  splitOf(): Uint8Array {
    return Uint8Array.from(this.labels, (_, index) => [0, 0, 1, 2][index % 4] ?? 0);
  }
  finishTraining(training: string): Fallible<undefined> {
    this.record = training;
    this.modelClasses = this.classes;
    return undefined;
  }
  modelInfo(): ModelInfo | null {
    this.#use();
    const classes = this.modelClasses;
    if (classes === null) return null;
    return { name: 'compact', classes, imageSize: size, fit: 'squeeze', parameterCount: 10, training: {} };
  }
  modelBytes(): number {
    return this.modelClasses === null ? 0 : 50;
  }

  weightBytes(): Uint8Array {
    return new Uint8Array(40);
  }
  saveModel(): Fallible<Uint8Array> {
    return new Uint8Array(Buffer.from(JSON.stringify(this.modelClasses)));
  }
  openModel(bytes: Uint8Array): Fallible<ModelInfo> {
    try {
      this.modelClasses = JSON.parse(Buffer.from(bytes).toString()) as string[];
    } catch {
      return fail('invalid-data', 'This is no model file.');
    }
    return this.modelInfo() as ModelInfo;
  }
  beginEvaluation(indices: Uint32Array): Fallible<undefined> {
    this.#evaluated = indices;
    this.#share = 0;
    return undefined;
  }
  evaluateFor(): Fallible<number> {
    this.#share += 0.5;
    return this.#share;
  }
  evaluation(): RawEvaluation {
    const score = { precision: 1, recall: 1, f1: 1, support: this.#evaluated.length };
    return {
      loss: 0.1,
      accuracy: 1,
      accuracyLow: 0.9,
      accuracyHigh: 1,
      perClass: this.classes.map(() => score),
      macro: score,
      weighted: score,
      confusion: this.classes.map(() => this.classes.map(() => 0)),
      indices: this.#evaluated,
      probs: new Float32Array(this.#evaluated.length * this.classes.length),
      seenInTraining: 0,
    };
  }
  /** The class of the first byte, with probability 0.75. */
  predict(squares: Uint8Array, count: number): Fallible<Float32Array> {
    const classes = this.modelClasses?.length ?? 0;
    const probs = new Float32Array(count * classes).fill(0.25 / (classes - 1));
    for (let index = 0; index < count; index++) probs[index * classes + ((squares[index * 12] ?? 0) % classes)] = 0.75;
    return probs;
  }
  toSquare(pixels: Uint8Array, width: number, height: number, channels: number): Fallible<Uint8Array> {
    if (pixels.length !== width * height * channels) return fail('invalid-argument', 'The picture has another size.');
    return new Uint8Array(12).fill(pixels[0] ?? 0);
  }
}
