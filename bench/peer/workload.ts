// The benchmark's workloads on the bench module. W1, W1s: train the notebook's network at 224 and 96 px, batch 32.
// W2: classify with it, one picture. W3: MobileNetV2, one picture. W4: a product of 1024 x 1024 matrices.
import { batch, classes, firstSteps, labelsOfBatch, LossWatch, picturesOfBatch, random } from './lesson.ts';
import { mobilenetV2 } from './mobilenet-v2.ts';

export interface BenchModule {
  presetArchitecture(name: string): string;
  BenchTrainer: new (
    architecture: string,
    size: number,
    classes: number,
    batch: number,
    threads: number,
  ) => {
    ready(): boolean;
    planBytes(): number;
    step(pictures: Float32Array, labels: Int32Array): number;
    someWeights(): Float32Array;
  };
  BenchClassifier: new (
    architecture: string,
    size: number,
    classes: number,
    threads: number,
  ) => {
    ready(): boolean;
    predict(picture: Float32Array): Float32Array;
  };
  BenchProduct: new (
    n: number,
    threads: number,
  ) => {
    ready(): boolean;
    setFactors(a: Float32Array, b: Float32Array): void;
    run(): Float32Array;
  };
  /** Only in modules with threads. */
  PThread?: { runningWorkers: unknown[] };
}

export interface Job {
  items: number;
  call(): void;
  info: { [field: string]: unknown };
}

function training(module: BenchModule, size: number, threads: number): Job {
  const trainer = new module.BenchTrainer(module.presetArchitecture('notebook'), size, classes, batch, threads);
  if (!trainer.ready()) throw new Error('the trainer could not be made');
  const labels = labelsOfBatch();
  const pictures = picturesOfBatch(size, 1);
  const watch = new LossWatch();
  const before = trainer.someWeights();
  const info = { planBytes: trainer.planBytes(), losses: watch.losses, steps: 0, weightsChanged: false };
  const call = () => {
    watch.note(trainer.step(pictures, labels));
    info.steps = watch.steps;
    info.weightsChanged ||= trainer.someWeights().some((weight, i) => weight !== before[i]);
    if (info.steps === 2 && !info.weightsChanged) throw new Error('the weights did not change');
  };
  while (watch.steps < firstSteps) call();
  return { items: batch, call, info };
}

function inference(module: BenchModule, architecture: string, classCount: number, threads: number): Job {
  const classifier = new module.BenchClassifier(architecture, 224, classCount, threads);
  if (!classifier.ready()) throw new Error('the classifier could not be made');
  const picture = random(224 * 224 * 3);
  const first = classifier.predict(picture).slice();
  const sum = first.reduce((a, b) => a + b, 0);
  if (!(Math.abs(sum - 1) < 1e-3)) throw new Error(`the probabilities add up to ${sum}`);
  // Both halves of the picture count.
  for (const half of [0, 1]) {
    const other = picture.map((value, i) => (Math.floor((2 * i) / picture.length) === half ? 1 - value : value));
    if (classifier.predict(other).every((value, i) => value === first[i])) throw new Error('a half is not looked at');
  }
  const call = () => {
    if (!classifier.predict(picture).every((value, i) => value === first[i]))
      throw new Error('the same picture gives other probabilities');
  };
  return { items: 1, call, info: {} };
}

function product(module: BenchModule, threads: number): Job {
  const n = 1024;
  const a = random(n * n);
  const b = random(n * n);
  // One in each part of the product that a thread may have, or a half that Strassen's method makes.
  const checks = Array.from({ length: 16 }, (_, i) => {
    const [row, column] = [Math.round((i * (n - 1)) / 15), ((i * 7) % 16) * (n / 16) + i];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += (a[row * n + k] ?? 0) * (b[k * n + column] ?? 0);
    return { at: row * n + column, sum };
  });
  const multiplier = new module.BenchProduct(n, threads);
  if (!multiplier.ready()) throw new Error('the matrices could not be made');
  multiplier.setFactors(a, b);
  const call = () => {
    const product = multiplier.run();
    for (const { at, sum } of checks) {
      const value = product[at] ?? NaN;
      if (!(Math.abs(value - sum) < 1e-3 * sum)) throw new Error(`the product has ${value} at ${at}, not ${sum}`);
    }
  };
  return { items: 1, call, info: {} };
}

function jobOf(module: BenchModule, workload: string, threads: number): Job {
  switch (workload) {
    case 'W1':
      return training(module, 224, threads);
    case 'W1s':
      return training(module, 96, threads);
    case 'W2':
      return inference(module, module.presetArchitecture('notebook'), classes, threads);
    case 'W3':
      return inference(module, mobilenetV2(), 1000, threads);
    case 'W4':
      return product(module, threads);
    default:
      throw new Error(`no such workload: ${workload}`);
  }
}

/** `info.workingThreads` counts the threads that the module has really started, its own included. */
export function makeJob(module: BenchModule, workload: string, threads: number): Job {
  const job = jobOf(module, workload, threads);
  const workingThreads = 1 + (module.PThread?.runningWorkers.length ?? 0);
  if (workingThreads !== threads) throw new Error(`${workingThreads} threads work, ${threads} were asked for`);
  job.info['workingThreads'] = workingThreads;
  return job;
}
