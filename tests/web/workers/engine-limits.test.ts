// The built engine where memory ends: a run that has begun is never lost, nor is its model.
import { afterEach, describe, expect, it } from 'vitest';
import type { Picture } from '../../../web/shared/engine-api.ts';
import type { MemoryPlan, TrainSettings } from '../../../web/shared/engine-types.ts';
import { defaultSettings } from '../../../web/state/settings.ts';
import { frameSize } from '../../../web/camera/frame-loop.ts';
import { memoryBytes } from '../../../web/workers/engine-instance.ts';
import { predict } from '../../../web/workers/engine-questions.ts';
import { unwrap } from '../../../web/workers/fallible.ts';
import { createModule } from '../../../web/workers/load-module.ts';
import type { Engine, EngineModule, ModuleFactory } from '../../../web/workers/module-types.ts';

const wasmUrl = new URL('../../../build/wasm/', import.meta.url).href;
const file = 'engine-simd-mt.js'; // a shared memory never grows
const threads = 2;
const pageBytes = 65_536;
const photos = 16;
const made: EngineModule[] = [];

const settingsOf = (imageSize: number): TrainSettings => ({
  ...defaultSettings,
  preset: 'notebook',
  imageSize,
  batchSize: 2,
  epochs: 100,
});

async function engineIn(bytes: number): Promise<Engine> {
  const { default: factory } = (await import(`${wasmUrl}${file}`)) as { default: ModuleFactory<EngineModule> };
  const pages = Math.ceil(bytes / pageBytes);
  const wasmMemory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const module = await createModule(factory, file, { pthreadPoolSize: threads - 1, wasmMemory });
  made.push(module);
  return new module.Engine(threads);
}

function endEngines(): void {
  for (const { PThread } of made.splice(0)) PThread?.terminateAllThreads();
}

async function plannedFor(settings: TrainSettings): Promise<MemoryPlan> {
  return unwrap((await engineIn(8 * 2 ** 20)).plan(settings, photos, 2));
}

/** With photos of one colour each. */
function begin(engine: Engine, settings: TrainSettings): void {
  const size = settings.imageSize;
  unwrap(engine.beginDataset(size, ['a', 'b'], photos));
  for (let photo = 0; photo < photos; photo++) {
    unwrap(engine.addPhotos(new Uint8Array(size * size * 3).fill(photo * 9), Int32Array.of(photo % 2), ['']));
  }
  unwrap(engine.beginTraining(settings));
  unwrap(engine.trainFor(0));
}

const ownSettings = { ...settingsOf(224), batchSize: 32 }; // the notebook's

/** A model finished and the next run begun. */
async function inItsSecondRun(settings: TrainSettings): Promise<Engine> {
  const engine = await engineIn(memoryBytes((await plannedFor(settings)).total, threads));
  begin(engine, settings);
  unwrap(engine.finishTraining(''));
  unwrap(engine.beginTraining(settings));
  return engine;
}

const square = (size: number): Picture => ({ kind: 'square', data: new Uint8Array(size * size * 3) });

afterEach(endEngines);

// 512: the largest size of the settings; the model takes a multiple of what is kept free.
describe.each([96, 512])('at %i px', (size) => {
  it('a finished model is saved, evaluated and asked beside the memory of its run', async () => {
    const settings = settingsOf(size);
    const engine = await engineIn(memoryBytes((await plannedFor(settings)).total, threads));
    begin(engine, settings);
    unwrap(engine.finishTraining(''));
    const model = unwrap(engine.saveModel());
    const weights = engine.weightBytes();
    expect(Buffer.compare(model.subarray(model.length - weights.length), weights), 'the weights come last').toBe(0);
    unwrap(engine.beginEvaluation(Uint32Array.from({ length: photos }, (_, index) => index)));
    while (unwrap(engine.evaluateFor(100)) < 1) continue;
    expect(
      predict(
        engine,
        Array.from({ length: 40 }, () => square(size)),
      ),
    ).toHaveLength(40);
    unwrap(engine.beginTraining(settings));
    unwrap(engine.trainFor(0));
    expect(Buffer.compare(unwrap(engine.saveModel()), model), 'during the next run').toBe(0);
  });
});

it.each([ownSettings, settingsOf(96)])(
  'the largest frame of a camera is classified while training',
  async (settings) => {
    const engine = await inItsSecondRun(settings);
    const { width, height } = frameSize(2560, 2560);
    const frame: Picture = { kind: 'pixels', width, height, channels: 4, data: new Uint8Array(width * height * 4) };
    expect(predict(engine, [frame])).toHaveLength(1);
    unwrap(engine.trainFor(0));
  },
);

describe('a picture too large for what is free', () => {
  const width = 6000;
  const height = 4000;
  const large = (engine: Engine) => engine.toSquare(new Uint8Array(width * height * 4), width, height, 4);

  it('is refused while training, which goes on; after it the memory of the run gives way', async () => {
    const engine = await inItsSecondRun(ownSettings);
    expect(large(engine)).toMatchObject({ code: 'out-of-memory' });
    unwrap(engine.trainFor(0));
    unwrap(engine.finishTraining(''));
    expect(unwrap(large(engine))).toHaveLength(224 * 224 * 3);
    unwrap(engine.beginTraining(ownSettings));
  });
});

it('a file too large for the memory is refused, and the model before stays', async () => {
  const settings = settingsOf(96);
  const bytes = memoryBytes((await plannedFor(settings)).total, threads);
  const engine = await engineIn(bytes);
  begin(engine, settings);
  unwrap(engine.finishTraining(''));
  const model = unwrap(engine.saveModel());
  expect(engine.openModel(new Uint8Array(2 * bytes))).toMatchObject({ code: 'out-of-memory' });
  expect(Buffer.compare(unwrap(engine.saveModel()), model)).toBe(0);
  unwrap(engine.beginTraining(settings));
});

it('the smallest memory in which a run begins is enough to finish it', async () => {
  const settings = settingsOf(96);
  const { total } = await plannedFor(settings);
  let first: Engine | undefined;
  for (let bytes = total / 2; first === undefined; bytes += pageBytes) {
    expect(bytes).toBeLessThan(memoryBytes(total, threads));
    endEngines();
    const engine = await engineIn(bytes);
    try {
      begin(engine, settings);
      first = engine;
    } catch (error) {
      expect(error, 'refused, not trapped').toMatchObject({ code: 'out-of-memory' });
    }
  }
  unwrap(first.finishTraining(''));
  expect(first.modelInfo()?.classes).toEqual(['a', 'b']);
  expect(predict(first, [square(96)])).toHaveLength(1);
});

it('many photos in many classes: saved, evaluated, and refused rather than trapped during the next run', async () => {
  const settings: TrainSettings = { ...settingsOf(32), preset: 'compact', batchSize: 8 };
  const count = 30_000;
  const names = Array.from({ length: 100 }, (_, index) => `class ${index}`);
  const { total } = unwrap((await engineIn(8 * 2 ** 20)).plan(settings, count, names.length));
  const engine = await engineIn(memoryBytes(total, threads));
  unwrap(engine.beginDataset(32, names, count));
  const batch = 1000;
  const pixels = new Uint8Array(batch * 32 * 32 * 3);
  for (let first = 0; first < count; first += batch) {
    const ids = Array.from({ length: batch }, (_, index) => first + index);
    const labels = Int32Array.from(ids, (id) => id % names.length);
    const hashes = ids.map((id) => (id + 1).toString(16).padStart(16, '0'));
    unwrap(engine.addPhotos(pixels, labels, hashes));
  }
  unwrap(engine.beginTraining(settings));
  unwrap(engine.trainFor(0));
  unwrap(engine.finishTraining(''));
  const model = unwrap(engine.saveModel());
  unwrap(engine.beginEvaluation(Uint32Array.from({ length: count }, (_, index) => index)));
  unwrap(engine.evaluateFor(0));
  unwrap(engine.beginTraining(settings));
  unwrap(engine.trainFor(0));
  const during = engine.saveModel();
  if (during instanceof Error) {
    expect(during).toMatchObject({ code: 'out-of-memory' });
  } else {
    expect(Buffer.compare(during, model)).toBe(0);
  }
  unwrap(engine.trainFor(0));
});
