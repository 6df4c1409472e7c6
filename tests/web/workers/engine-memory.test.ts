// The built engine in the memory that the host plans for it: runs follow each other in the same one.
import { afterEach, describe, expect, it } from 'vitest';
import { localContext } from '../../../web/cli/session.ts';
import type { ParamsOf } from '../../../web/shared/call.ts';
import type { EngineApi } from '../../../web/shared/engine-api.ts';
import type { Prediction, TrainProgress, TrainSettings } from '../../../web/shared/engine-types.ts';
import type { Handlers } from '../../../web/shared/protocol.ts';
import { defaultSettings } from '../../../web/state/settings.ts';
import { drawExample } from '../../../web/workers/draw-example.ts';
import { platformEnvironment } from '../../../web/workers/engine-environment.ts';
import { memoryBytes } from '../../../web/workers/engine-instance.ts';
import { EngineHost } from '../../../web/workers/engine-host.ts';
import { loadExampleModule } from '../../../web/workers/load-module.ts';
import type { EngineModule } from '../../../web/workers/module-types.ts';
import { testContext } from './test-context.ts';

const wasmUrl = new URL('../../../build/wasm/', import.meta.url).href;
const settings: TrainSettings = { ...defaultSettings, imageSize: 32, epochs: 1 };
const made: EngineModule[] = [];
const memories: WebAssembly.Memory[] = [];

function host(): Handlers<EngineApi> {
  const environment = platformEnvironment();
  const importEngine: typeof environment.importEngine = async (url, file) => {
    const factory = await environment.importEngine(url, file);
    return async (options) => {
      const module = await factory(options);
      made.push(module);
      if (options?.wasmMemory !== undefined) memories.push(options.wasmMemory);
      return module;
    };
  };
  return new EngineHost({ ...environment, importEngine }, () => {
    throw new Error('Ports are not used here.');
  }).handlers();
}

afterEach(() => {
  for (const { PThread } of made.splice(0)) PThread?.terminateAllThreads();
  memories.length = 0;
});

/** An engine and what the tests do with it. */
async function studio(threads: number, size: number) {
  const engine = host();
  await engine.load({ choice: 'simd', threads, wasmUrl }, testContext<never>().context);
  const example = await loadExampleModule(wasmUrl);
  const sink = {
    beginDataset: async (params: ParamsOf<EngineApi['beginDataset']>) =>
      engine.beginDataset(params, testContext<never>().context),
    addPhotos: async (params: ParamsOf<EngineApi['addPhotos']>) =>
      engine.addPhotos(params, testContext<never>().context),
    stop: () => undefined,
  };
  const predictFirst = async (): Promise<Prediction[]> => {
    const data = await engine.photoPixels({ index: 0 }, testContext<never>().context);
    return engine.predict({ pictures: [{ kind: 'square', data }] }, testContext<never>().context);
  };
  return {
    engine,
    predictFirst,
    draw: (perClass: number) =>
      drawExample({ size, perClass, seed: 5 }, example, sink, testContext<{ done: number; total: number }>().context),
    train: async (changes: Partial<TrainSettings> = {}) =>
      engine.train({ settings: { ...settings, ...changes } }, testContext<TrainProgress>().context),
    /** A long run that is stopped at its first news; what the model of the run before said meanwhile. */
    trainAndStop: async (changes: Partial<TrainSettings> = {}) => {
      const stop = new AbortController();
      let during: Promise<Prediction[] | null> = Promise.resolve(null);
      const context = localContext<TrainProgress>({
        signal: stop.signal,
        onProgress: () => {
          during = predictFirst().catch(() => null);
          stop.abort();
        },
      });
      const result = await engine.train({ settings: { ...settings, epochs: 1000, ...changes } }, context);
      return { result, during: await during };
    },
    evaluate: async () => engine.evaluate({ part: 'all' }, testContext<{ done: number; total: number }>().context),
  };
}

describe.each([1, 2, 4])('on %i threads', (threads) => {
  it('a second run, an evaluation, a prediction and another data set take the memory of the first run', async () => {
    const { draw, train, trainAndStop, evaluate, predictFirst } = await studio(threads, 32);
    const { classes } = await draw(20);
    const first = await train();
    expect(made, 'one for questions, one for the data set').toHaveLength(2);
    await evaluate();
    await predictFirst();
    const { result, during } = await trainAndStop();
    expect(result.stopped).toBe(true);
    expect(during?.[0]?.probs, 'of the first run, during the second').toHaveLength(classes.length);
    expect((await train()).weightsSha256, 'nothing of a run before is left').toBe(first.weightsSha256);

    await draw(16);
    expect((await train({ batchSize: 16 })).stopped).toBe(false);
    expect(made).toHaveLength(2);
  });

  it('the notebook network at 224 px, batch 32, finds all it needs in what was planned', async () => {
    const { draw, trainAndStop, evaluate, predictFirst, engine } = await studio(threads, 224);
    await draw(12);
    const run = { preset: 'notebook', imageSize: 224, batchSize: 32 };
    const { plan } = (await trainAndStop(run)).result;
    await evaluate();
    const second = await trainAndStop(run);
    expect(second.during, 'of the first run, during the second').not.toBeNull();
    await evaluate();
    const model = await engine.saveModel({}, testContext<never>().context);
    await engine.openModel({ bytes: model, name: 'first.safetensors' }, testContext<never>().context);
    expect((await trainAndStop(run)).during, 'of the opened model').not.toBeNull();
    expect(await predictFirst()).toHaveLength(1);
    expect(memories).toHaveLength(1);
    const bytes = memories[0]?.buffer.byteLength ?? Infinity;
    expect(bytes, 'nothing grew').toBe(memoryBytes(plan.total, threads));
    if (threads <= 2) expect(bytes - plan.dataset, 'all but the photos').toBeLessThan(200e6);
  });

  it('another network and batch than in the run before, which needs less for training and more for its model', async () => {
    const { draw, trainAndStop, engine } = await studio(threads, 224);
    await draw(12);
    await trainAndStop({ preset: 'notebook', imageSize: 224, batchSize: 32 });
    await trainAndStop({ preset: 'compact', imageSize: 224, batchSize: 8 });
    expect(await engine.model({}, testContext<never>().context)).not.toBeNull();
    expect(memories).toHaveLength(1);
  });
});

it('a large model from a file stays through an import of small photos and a run on them', async () => {
  const maker = await studio(2, 512);
  await maker.draw(2);
  await maker.trainAndStop({ preset: 'notebook', imageSize: 512, batchSize: 2 });
  const large = await maker.engine.saveModel({}, testContext<never>().context);
  const { engine, draw, trainAndStop } = await studio(2, 96);
  await engine.openModel({ bytes: large, name: 'large.safetensors' }, testContext<never>().context);
  await draw(8);
  expect((await engine.model({}, testContext<never>().context))?.imageSize).toBe(512);
  await trainAndStop({ preset: 'compact', imageSize: 96, batchSize: 8 });
  expect((await engine.model({}, testContext<never>().context))?.imageSize).toBe(96);
});
