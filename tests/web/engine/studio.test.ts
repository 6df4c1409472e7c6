import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStudio, type Studio, type StudioRestart, type StudioSilence } from '../../../web/engine/studio.ts';
import type { DataSource } from '../../../web/shared/data-api.ts';
import { testSettings } from '../workers/fake-engine.ts';
import { fakeWorkers, type FakeWorker } from './fake-workers.ts';

const source: DataSource = {
  kind: 'files',
  name: 'photos',
  files: ['a/1', 'a/2', 'a/3', 'a/4', 'b/1', 'b/2', 'b/3', 'b/4'].map((path, index) => ({
    path: `${path}.jpg`,
    file: new Blob([`J${String.fromCharCode(index)}`]),
  })),
};

let workers: ReturnType<typeof fakeWorkers>;
let studio: Studio;
let restarts: StudioRestart[];

beforeEach(() => {
  workers = fakeWorkers();
  const { engineWorker, dataWorker } = workers;
  studio = createStudio({ engineWorker, dataWorker, wasmUrl: 'file:///wasm/', choice: 'simd', decodeWorkers: 2 });
  restarts = [];
  studio.onRestart((event) => restarts.push(event));
});
afterEach(() => studio.close());

async function importAll(): Promise<void> {
  await studio.openData(source);
  await studio.importPhotos({ size: 2, fit: 'crop' });
}

describe('Studio', () => {
  it('goes the whole road: open, import, train, evaluate, predict, save, open', async () => {
    expect(await studio.start()).toMatchObject({ engine: 'simd' });
    expect((await studio.openData(source)).classes.map(({ name }) => name)).toEqual(['a', 'b']);
    const imported = await studio.importPhotos({ size: 2, fit: 'crop' });
    expect(imported.labels).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect([...(await studio.photoPixels(5))]).toEqual(Array(12).fill(5));
    expect(await studio.plan(testSettings)).toMatchObject({ total: 1096 });
    const result = await studio.train(testSettings);
    expect(result.stopped).toBe(false);
    expect((await studio.evaluate('test')).indices).toEqual([3, 7]);
    const files = ['J\u0001', 'W', 'J\u0002'].map((text, index) => ({ name: `${index}.jpg`, file: new Blob([text]) }));
    const predicted = await studio.predictFiles(files);
    expect(predicted.map((each) => (each.ok ? each.prediction.label : each.reason))).toEqual([1, 'unsupported', 0]);
    const bytes = await studio.saveModel();
    expect(await studio.openModel(bytes, 'my model')).toMatchObject({ classes: ['a', 'b'] });
    expect(restarts).toEqual([]);
  });

  it('draws the example, trains on it, and tells when it is lost', async () => {
    const drawn = await studio.drawExample({ size: 2, perClass: 4, seed: 3 });
    expect(drawn).toEqual({ classes: ['ball', 'cup'], count: 8, labels: [0, 0, 0, 0, 1, 1, 1, 1] });
    expect([...(await studio.photoPixels(5))]).toEqual(Array(12).fill(4));
    expect((await studio.train(testSettings)).stopped).toBe(false);
    expect((await studio.evaluate('test')).classes).toEqual(['ball', 'cup']);
    workers.engines[0]?.die();
    expect(restarts).toMatchObject([{ worker: 'engine', datasetLost: true, modelKept: true }]);
    expect((await studio.drawExample({ size: 2, perClass: 4, seed: 3 })).count).toBe(8);
    const training = studio.train({ ...testSettings, epochs: 100_000 });
    await expect(studio.drawExample({ size: 2, perClass: 4, seed: 3 })).rejects.toThrow('Training is under way');
    workers.engines.at(-1)?.die();
    await expect(training).rejects.toMatchObject({ code: 'worker-stopped' });
  });

  it('hands pictures over instead of copying them', async () => {
    await importAll();
    await studio.train(testSettings);
    const data = new Uint8Array(12).fill(1);
    const [prediction] = await studio.predict([{ kind: 'square', data }]);
    expect(prediction?.label).toBe(1);
    expect(data.byteLength).toBe(0);
  });

  it('cancels by signal', async () => {
    await importAll();
    const stop = new AbortController();
    const training = studio.train(
      { ...testSettings, epochs: 100_000 },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    expect((await training).stopped).toBe(true);
  });

  it('replaces an engine worker that dies: pending calls fail, the model stays, the photos must be read again', async () => {
    await importAll();
    await studio.train(testSettings);
    const training = studio.train({ ...testSettings, epochs: 100_000 });
    setTimeout(() => workers.engines[0]?.die(), 30);
    await expect(training).rejects.toMatchObject({ code: 'worker-stopped' });
    expect(restarts).toMatchObject([{ worker: 'engine', datasetLost: true, modelKept: true }]);
    expect(workers.engines[0]?.terminated).toBe(true);
    expect(await studio.model()).toMatchObject({ classes: ['a', 'b'] });
    const imported = await studio.importPhotos({ size: 2, fit: 'crop' });
    expect(imported.photoIds).toHaveLength(8);
    expect((await studio.train(testSettings)).stopped).toBe(false);
  });

  it('replaces an engine whose module trapped', async () => {
    await importAll();
    workers.world.trapAt = 2;
    await expect(studio.train(testSettings)).rejects.toMatchObject({ code: 'worker-stopped' });
    expect(restarts).toMatchObject([{ worker: 'engine', datasetLost: true, modelKept: false }]);
    expect(workers.engines).toHaveLength(2);
    await importAll();
    expect((await studio.train(testSettings)).stopped).toBe(false);
  });

  it('fails an import when the engine dies under it, and imports again', async () => {
    await studio.openData(source);
    workers.world.onAddPhotos = () => workers.engines[0]?.die();
    await expect(studio.importPhotos({ size: 2, fit: 'crop' })).rejects.toMatchObject({ code: 'worker-stopped' });
    expect(workers.engines).toHaveLength(2);
    workers.world.onAddPhotos = () => undefined;
    expect((await studio.importPhotos({ size: 2, fit: 'crop' })).photoIds).toHaveLength(8);
  });

  it('replaces a data worker that dies, and leaves the engine alone', async () => {
    await importAll();
    workers.datas[0]?.die();
    expect(restarts).toMatchObject([{ worker: 'data', datasetLost: false }]);
    expect((await studio.train(testSettings)).stopped).toBe(false);
    await expect(studio.importPhotos({ size: 2, fit: 'crop' })).rejects.toThrow('No data is open');
    await importAll();
    expect(workers.engines).toHaveLength(1);
  });

  describe('a worker that does not answer', () => {
    let silences: StudioSilence[];
    beforeEach(() => {
      studio.close();
      const { engineWorker, dataWorker } = workers;
      const options = { engineWorker, dataWorker, wasmUrl: 'file:///wasm/', choice: 'simd' as const };
      studio = createStudio({ ...options, decodeWorkers: 2, tickMilliseconds: 20 });
      studio.onRestart((event) => restarts.push(event));
      silences = [];
      studio.onSilence((event) => silences.push(event));
    });
    const hangWhileTraining = async (
      signal?: AbortSignal,
    ): Promise<{ engine: FakeWorker; outcome: Promise<unknown> }> => {
      await importAll();
      const engine = workers.engines.at(-1)!;
      const outcome = studio
        .train({ ...testSettings, epochs: 100_000 }, { signal, onProgress: () => (engine.hung = true) })
        .catch((error: unknown) => error);
      await expect.poll(() => silences.length).toBe(1);
      return { engine, outcome };
    };

    it('is told of, and started again by the person', async () => {
      const { engine, outcome } = await hangWhileTraining();
      expect(silences[0]).toMatchObject({
        silent: true,
        message: expect.stringMatching(/^The engine has not answered/u),
      });
      expect(restarts).toEqual([]);
      silences[0]?.restart();
      expect(await outcome).toMatchObject({ code: 'worker-stopped' });
      expect(engine.terminated).toBe(true);
      expect(restarts).toMatchObject([{ worker: 'engine', datasetLost: true }]);
      await importAll();
      expect((await studio.train(testSettings)).stopped).toBe(false);
      silences[0]?.restart();
      expect(restarts, 'an old message does nothing').toHaveLength(1);
    });

    it('is told of when it answers again, and loses nothing', async () => {
      const stop = new AbortController();
      const { engine, outcome } = await hangWhileTraining();
      engine.hung = false;
      await expect.poll(() => silences.at(-1)?.silent).toBe(false);
      stop.abort();
      expect(restarts).toEqual([]);
      studio.close();
      expect(await outcome).toMatchObject({ code: 'worker-stopped' });
    });

    it('is replaced once its work is cancelled', async () => {
      const stop = new AbortController();
      const { outcome } = await hangWhileTraining(stop.signal);
      stop.abort();
      expect(await outcome).toMatchObject({ code: 'worker-stopped' });
      expect(restarts).toMatchObject([{ worker: 'engine' }]);
    });

    it('is left alone while nothing is asked of it', async () => {
      await studio.start();
      await studio.presets();
      workers.engines.at(-1)!.hung = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(silences).toEqual([]);
    });
  });

  it('gives up on workers that die again and again', async () => {
    await studio.start();
    for (let count = 0; count < 6; count++) workers.engines.at(-1)?.die();
    expect(workers.engines.length).toBeLessThan(7);
    await expect(studio.presets()).rejects.toThrow('The engine keeps stopping');
  });

  it('does nothing more once it is closed', async () => {
    await studio.start();
    studio.close();
    await expect(studio.presets()).rejects.toMatchObject({ code: 'worker-stopped' });
    workers.engines[0]?.die();
    expect(workers.engines).toHaveLength(1);
  });
});
