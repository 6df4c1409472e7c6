import { beforeEach, describe, expect, it } from 'vitest';
import { connect, serve, type Client } from '../../../web/shared/call.ts';
import type { EngineApi } from '../../../web/shared/engine-api.ts';
import type { TrainProgress } from '../../../web/shared/engine-types.ts';
import { eventPort } from '../../../web/shared/ports.ts';
import { EngineHost } from '../../../web/workers/engine-host.ts';
import { memoryBytes } from '../../../web/workers/engine-instance.ts';
import { FakeWorld, testSettings } from './fake-engine.ts';

let world: FakeWorld;
let engine: Client<EngineApi>;

function connectHost(overrides: Parameters<FakeWorld['environment']>[0] = {}): void {
  world = new FakeWorld();
  const { port1, port2 } = new MessageChannel();
  const host = new EngineHost(world.environment(overrides), (port) => eventPort(port as MessagePort));
  serve<EngineApi>(eventPort(port1), host.handlers());
  engine = connect<EngineApi>(eventPort(port2));
}

const load = (threads = 1) => engine.call('load', { choice: 'simd', threads, wasmUrl: 'file:///wasm/' });

async function fill(count = 8): Promise<void> {
  await engine.call('beginDataset', { size: 2, classes: ['a', 'b'], expected: count });
  const pixels = new Uint8Array(count * 12).map((_, index) => Math.floor(index / 12));
  const labels = Array.from({ length: count }, (_, index) => index % 2);
  await engine.call('addPhotos', { pixels, labels, hashes: labels.map((_, index) => `hash${index}`) });
}

beforeEach(() => connectHost());

describe('data set', () => {
  it('gets a memory of its own, planned for the preset of its size, initial = maximum', async () => {
    await load(2);
    await fill();
    expect(world.memories[0]).toBeUndefined();
    const memory = world.memories[1] as WebAssembly.Memory;
    expect(memory.buffer.byteLength).toBe(memoryBytes(1000 + 8 * 12, 2));
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(() => memory.grow(1)).toThrow();
    expect(world.engines.map(({ deleted }) => deleted)).toEqual([true, false]);
    expect(world.poolsEnded).toBe(1);
    expect(world.poolSizes).toEqual([1, 1]);
    expect(world.last.threads).toBe(2);
    expect([...(await engine.call('photoPixels', { index: 5 }))]).toEqual(Array(12).fill(5));
  });

  it('takes the memory of the data set before where it is large enough', async () => {
    await load(2);
    await fill(8);
    await engine.call('beginDataset', { size: 2, classes: ['a', 'b'], expected: 0 }); // an import was cancelled
    await fill(6);
    expect(world.engines, 'the first holds nothing').toHaveLength(2);
    expect(world.last.labels).toHaveLength(6);
    await fill(100_000);
    expect(world.engines, 'more than it was planned for').toHaveLength(3);
    await engine.call('train', { settings: testSettings });
    await fill(8);
    expect(world.engines, 'after a run, too').toHaveLength(3);
    expect(world.engines.map(({ deleted }) => deleted)).toEqual([true, true, false]);
    expect(await engine.call('model', {}), 'of the run before').not.toBeNull();
  });

  it('takes photos over a port of their own', async () => {
    await load();
    const { port1, port2 } = new MessageChannel();
    await engine.call('receivePhotos', { port: port1 }, { transfer: [port1] });
    const photos = connect<Pick<EngineApi, 'beginDataset' | 'addPhotos'>>(eventPort(port2));
    await photos.call('beginDataset', { size: 2, classes: ['a', 'b'], expected: 1 });
    const pixels = new Uint8Array(12).fill(7);
    expect(
      await photos.call('addPhotos', { pixels, labels: [1], hashes: [''] }, { transfer: [pixels.buffer] }),
      'the pixels come back, for the next photos',
    ).toEqual({ count: 1, pixels: new Uint8Array(12).fill(7) });
    expect(world.last.labels).toEqual([1]);
    port2.close();
  });

  it('keeps the model when it is replaced', async () => {
    await load();
    await fill();
    await engine.call('train', { settings: testSettings });
    await fill(4);
    expect(await engine.call('model', {})).toMatchObject({ classes: ['a', 'b'] });
    await expect(engine.call('evaluate', { part: 'test' })).rejects.toThrow('No photos were kept for the test');
  });
});

describe('training', () => {
  it('reports, keeps the split, and gives the result with counts and hash', async () => {
    await load();
    await fill();
    const seen: TrainProgress[] = [];
    const result = await engine.call('train', { settings: testSettings }, { onProgress: (value) => seen.push(value) });
    expect(result).toMatchObject({
      stopped: false,
      bestEpoch: 2,
      trainCount: 4,
      validationCount: 2,
      testCount: 2,
      weightsSha256: 'hash of 40 bytes',
      engine: { engine: 'simd', threads: 1 },
    });
    expect(result.history).toHaveLength(3);
    expect(result.seconds).toBeCloseTo(12 * 0.05);
    expect(result.imagesPerSecond).toBeCloseTo(4 / 0.05);
    expect(seen.at(-1)).toMatchObject({ phase: 'done', secondsLeft: 0, epochs: 3 });
    expect(seen.at(-1)?.history).toHaveLength(3);
    // A first one, then at most five a second and one as each epoch ends.
    expect(seen.length).toBeLessThanOrEqual(1 + 3 + 3);
    expect(new Set(seen.map(({ epoch }) => epoch))).toEqual(new Set([0, 1, 2, 3]));
    expect((await engine.call('evaluate', { part: 'test' })).indices).toEqual([3, 7]);
    expect(JSON.parse(world.last.record)).toMatchObject({ settings: testSettings, bestEpoch: 2 });
  });

  it('stops when cancelled, and keeps the best epoch so far', async () => {
    await load();
    await fill();
    const stop = new AbortController();
    world.onSlice = (slice) => {
      if (slice === 6) stop.abort();
    };
    const result = await engine.call('train', { settings: { ...testSettings, epochs: 1000 } }, { signal: stop.signal });
    expect(result).toMatchObject({ stopped: true, bestEpoch: 0 });
    expect(world.slices).toBeLessThan(20);
    expect(await engine.call('model', {})).not.toBeNull();
  });

  it('answers questions and predicts with the last model between slices, and refuses what would change the data', async () => {
    await load();
    await fill();
    await engine.call('train', { settings: testSettings });
    const stop = new AbortController();
    const training = engine.call('train', { settings: { ...testSettings, epochs: 100_000 } }, { signal: stop.signal });
    const [prediction] = await engine.call('predict', {
      pictures: [{ kind: 'square', data: new Uint8Array(12).fill(1) }],
    });
    expect(prediction?.label).toBe(1);
    expect(await engine.call('plan', { settings: testSettings })).toMatchObject({ total: 1096 });
    for (const refused of [
      fill(),
      engine.call('train', { settings: testSettings }),
      engine.call('evaluate', { part: 'all' }),
    ]) {
      await expect(refused).rejects.toThrow('Training is under way; stop it or wait for its end.');
    }
    stop.abort();
    expect((await training).stopped).toBe(true);
    await fill();
  });

  it('moves the data set to a larger memory when the settings need one', async () => {
    await load();
    await fill(150);
    world.planBytes = 100_000_000;
    await engine.call('train', { settings: testSettings });
    expect(world.engines).toHaveLength(3);
    expect(world.engines.map(({ deleted }) => deleted)).toEqual([true, true, false]);
    const [, before, after] = world.engines;
    expect(after?.pixels).toEqual(before?.pixels);
    expect(after?.labels).toEqual(before?.labels);
    expect(after?.hashes).toEqual(before?.hashes);
    const bytes = world.memories[2]?.buffer.byteLength ?? 0;
    expect(bytes).toBe(memoryBytes(100_000_000 + 150 * 12, 1));
    await engine.call('train', { settings: testSettings });
    expect(world.engines, 'a second run takes the memory of the first').toHaveLength(3);
    world.planBytes = 200_000_000;
    await engine.call('train', { settings: testSettings });
    expect(world.engines).toHaveLength(4);
    expect(world.last.pixels).toEqual(before?.pixels);
    expect(await engine.call('model', {}), 'the model of the run before moves too').not.toBeNull();
  });

  it('gives more memory once when the planned one does not do', async () => {
    await load();
    await fill();
    world.lackMemory = 1;
    expect((await engine.call('train', { settings: testSettings })).stopped).toBe(false);
    expect(world.memories.at(-1)?.buffer.byteLength).toBe(memoryBytes(1.5 * (1000 + 8 * 12), 1));
    world.lackMemory = 2;
    await expect(engine.call('train', { settings: testSettings })).rejects.toMatchObject({ code: 'out-of-memory' });
    expect((await engine.call('train', { settings: testSettings })).stopped).toBe(false);
  });

  it('says when the device has not the memory', async () => {
    await load();
    await fill();
    world.planBytes = 1e12;
    await expect(engine.call('train', { settings: testSettings })).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringContaining('choose a smaller image size or batch size') as string,
    });
    world.planBytes = 1000;
    expect((await engine.call('train', { settings: testSettings })).stopped).toBe(false);
  });

  it('passes on what the core says, and stays usable', async () => {
    await load();
    await expect(engine.call('train', { settings: testSettings })).rejects.toThrow('There are no photos yet');
    await fill();
    await expect(engine.call('train', { settings: { ...testSettings, epochs: 0 } })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: '“the subject”: Epochs must be at least 1.',
      subject: 'the subject',
    });
    world.divergeAt = 3;
    await expect(engine.call('train', { settings: testSettings })).rejects.toMatchObject({ code: 'diverged' });
    expect((await engine.call('train', { settings: testSettings })).stopped).toBe(false);
  });

  it('a run that the core gave up is over, and what there is of it is kept', async () => {
    await load();
    await fill();
    world.giveUpAt = 5;
    const given = await engine.call('train', { settings: testSettings });
    expect(given).toMatchObject({ diverged: true, stopped: false });
    expect(given.history.length).toBeLessThan(testSettings.epochs);
    expect(await engine.call('model', {})).not.toBeNull();
    world.giveUpAt = Infinity;
    expect((await engine.call('train', { settings: testSettings })).diverged).toBe(false);
  });

  it('a trap ends the host until it is loaded again', async () => {
    await load();
    await fill();
    world.trapAt = 3;
    const stopped = { code: 'worker-stopped' };
    await expect(engine.call('train', { settings: testSettings })).rejects.toMatchObject(stopped);
    await expect(engine.call('presets', {})).rejects.toMatchObject(stopped);
    await expect(fill()).rejects.toMatchObject(stopped);
    await load();
    await fill();
    expect((await engine.call('train', { settings: testSettings })).stopped).toBe(false);
  });
});

describe('evaluation', () => {
  it('of the test part and of everything', async () => {
    await load();
    await fill();
    await expect(engine.call('evaluate', { part: 'test' })).rejects.toThrow('There is no model yet');
    await engine.call('train', { settings: testSettings });
    const seen: number[] = [];
    const test = await engine.call('evaluate', { part: 'test' }, { onProgress: ({ done }) => seen.push(done) });
    expect(test).toMatchObject({ indices: [3, 7], count: 2, classes: ['a', 'b'] });
    expect(seen).toEqual([1, 2]);
    expect((await engine.call('evaluate', { part: 'all' })).count).toBe(8);
  });

  it('says when there is nothing to test on', async () => {
    await load();
    await engine.call('openModel', { bytes: new Uint8Array(Buffer.from('["a","b"]')), name: 'm' });
    await expect(engine.call('evaluate', { part: 'all' })).rejects.toThrow('There are no photos yet');
    await fill();
    await expect(engine.call('evaluate', { part: 'test' })).rejects.toThrow('No photos were kept for the test');
    expect((await engine.call('evaluate', { part: 'all' })).count).toBe(8);
  });

  it('can be cancelled', async () => {
    await load();
    await fill();
    await engine.call('train', { settings: testSettings });
    const stop = new AbortController();
    const evaluating = engine.call(
      'evaluate',
      { part: 'all' },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    await expect(evaluating).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('prediction', () => {
  it('takes pixels of any size and squares, and checks their sizes', async () => {
    await load();
    await expect(engine.call('predict', { pictures: [] })).rejects.toThrow('There is no model yet');
    await engine.call('openModel', { bytes: new Uint8Array(Buffer.from('["a","b","c"]')), name: 'm' });
    const predictions = await engine.call('predict', {
      pictures: [
        { kind: 'pixels', width: 3, height: 1, channels: 4, data: new Uint8Array(12).fill(2) },
        { kind: 'square', data: new Uint8Array(12).fill(1) },
      ],
    });
    expect(predictions.map(({ label }) => label)).toEqual([2, 1]);
    expect([...(predictions[1]?.probs ?? [])]).toEqual([0.125, 0.75, 0.125]);
    await expect(
      engine.call('predict', { pictures: [{ kind: 'square', data: new Uint8Array(11) }] }),
    ).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    await expect(engine.call('openModel', { bytes: new Uint8Array(3), name: 'm' })).rejects.toMatchObject({
      code: 'invalid-data',
    });
  });
});

describe('which engine runs', () => {
  it.each([
    ['auto', 0, {}, 'engine-relaxed-mt.js', 4, ''],
    ['auto', 0, { cores: 64 }, 'engine-relaxed-mt.js', 8, ''],
    ['auto', 0, { hasRelaxedSimd: async () => false }, 'engine-simd-mt.js', 4, ''],
    ['simd', 3, {}, 'engine-simd-mt.js', 3, ''],
    ['relaxed', 1, {}, 'engine-relaxed.js', 1, ''],
    ['auto', 0, { isolated: false }, 'engine-relaxed.js', 1, 'not cross-origin isolated'],
    ['auto', 0, { ios: true }, 'engine-relaxed.js', 1, 'iPhone and iPad'],
    ['auto', 0, { cores: 1 }, 'engine-relaxed.js', 1, 'one core'],
  ] as const)('%s, %i threads, %o: %s', async (choice, threads, overrides, file, count, note) => {
    connectHost(overrides);
    const info = await engine.call('load', { choice, threads, wasmUrl: 'file:///wasm/' });
    expect(world.files).toEqual([file]);
    expect(info.threads).toBe(count);
    expect(info.threadsNote).toContain(note);
    expect(info.threadsNote === '').toBe(note === '');
  });

  it('one thread where no worker can be started', async () => {
    world.lackThreads = true;
    const info = await load(3);
    expect(world.files).toEqual(['engine-simd-mt.js', 'engine-simd.js']);
    expect(info).toEqual({ engine: 'simd', threads: 1, threadsNote: 'One thread: the browser would not start more.' });
    await fill();
    expect(world.last.threads).toBe(1);
  });

  it('nothing is answered before it is loaded', async () => {
    await expect(engine.call('presets', {})).rejects.toThrow('The engine is not loaded yet.');
    await expect(fill()).rejects.toThrow('The engine is not loaded yet.');
  });
});
