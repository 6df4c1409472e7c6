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
import { EngineHost } from '../../../web/workers/engine-host.ts';
import { loadExampleModule } from '../../../web/workers/load-module.ts';
import type { EngineModule } from '../../../web/workers/module-types.ts';
import { testContext } from './test-context.ts';

const wasmUrl = new URL('../../../build/wasm/', import.meta.url).href;
const settings: TrainSettings = { ...defaultSettings, imageSize: 32, epochs: 1 };
const made: EngineModule[] = [];

function host(): Handlers<EngineApi> {
  const environment = platformEnvironment();
  const importEngine: typeof environment.importEngine = async (url, file) => {
    const factory = await environment.importEngine(url, file);
    return async (options) => {
      const module = await factory(options);
      made.push(module);
      return module;
    };
  };
  return new EngineHost({ ...environment, importEngine }, () => {
    throw new Error('Ports are not used here.');
  }).handlers();
}

afterEach(() => {
  for (const { PThread } of made.splice(0)) PThread?.terminateAllThreads();
});

describe.each([1, 2])('on %i threads', (threads) => {
  it('a second run, an evaluation, a prediction and another data set take the memory of the first run', async () => {
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
    const draw = (perClass: number) =>
      drawExample(
        { size: 32, perClass, seed: 5 },
        example,
        sink,
        testContext<{ done: number; total: number }>().context,
      );
    const train = async (changes: Partial<TrainSettings> = {}) =>
      engine.train({ settings: { ...settings, ...changes } }, testContext<TrainProgress>().context);
    const { classes } = await draw(20);
    const first = await train();
    expect(made, 'one for questions, one for the data set').toHaveLength(2);

    await engine.evaluate({ part: 'test' }, testContext<{ done: number; total: number }>().context);
    const data = await engine.photoPixels({ index: 3 }, testContext<never>().context);
    await engine.predict({ pictures: [{ kind: 'square', data }] }, testContext<never>().context);
    const stop = new AbortController();
    let during: Promise<Prediction[]> | Prediction[] = [];
    const context = localContext<TrainProgress>({
      signal: stop.signal,
      onProgress: () => {
        during = engine.predict({ pictures: [{ kind: 'square', data }] }, testContext<never>().context);
        stop.abort();
      },
    });
    expect((await engine.train({ settings: { ...settings, epochs: 1000 } }, context)).stopped).toBe(true);
    expect((await during)[0]?.probs, 'of the first run, during the second').toHaveLength(classes.length);
    expect((await train()).weightsSha256, 'nothing of a run before is left').toBe(first.weightsSha256);

    await draw(16);
    expect((await train({ batchSize: 16 })).stopped).toBe(false);
    expect(made).toHaveLength(2);
  });
});
