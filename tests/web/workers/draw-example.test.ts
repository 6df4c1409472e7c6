import { describe, expect, it } from 'vitest';
import { drawExample } from '../../../web/workers/draw-example.ts';
import { loadExampleModule } from '../../../web/workers/load-module.ts';
import { FakeExample } from './fake-example.ts';
import { FakeSink } from './fake-sink.ts';
import { testContext } from './test-context.ts';

// FNV-1a, 64 bits.
const fnvBasis = 0xcbf29ce484222325n;
const fnvPrime = 0x100000001b3n;

const context = () => testContext<{ done: number; total: number }>();

describe('drawExample', () => {
  it('gives the sink one class after the other, in batches, and tells how far it is', async () => {
    const [sink, { context: call, seen }] = [new FakeSink(), context()];
    const drawn = await drawExample({ size: 2, perClass: 40, seed: 9 }, new FakeExample(), sink, call);
    const labels = Array.from({ length: 80 }, (_, index) => Math.floor(index / 40));
    expect(drawn).toEqual({ classes: ['ball', 'cup'], count: 80, labels });
    expect(sink.begun).toEqual([{ size: 2, classes: ['ball', 'cup'], expected: 80 }]);
    expect(sink.batches).toEqual([32, 32, 16]);
    expect(sink.labels).toEqual(labels);
    expect(sink.hashes).toEqual(labels.map((label, index) => `${label}:${index % 40}`));
    expect(sink.pixels).toEqual(labels.map((_, index) => new Uint8Array(12).fill(9 + (index % 40))));
    expect(seen.at(-1)).toEqual({ done: 80, total: 80 });
    expect(seen.length).toBeGreaterThan(1);
  });

  it('ends when it is cancelled', async () => {
    const [sink, { context: call, cancel }] = [new FakeSink(), context()];
    sink.onBatch = cancel;
    const drawing = drawExample({ size: 2, perClass: 1000, seed: 9 }, new FakeExample(), sink, call);
    await expect(drawing).rejects.toMatchObject({ code: 'cancelled' });
    expect(sink.batches).toHaveLength(1);
  });

  it('passes on what the module and the sink refuse', async () => {
    const refused = drawExample(
      { size: 1025, perClass: 1, seed: 9 },
      new FakeExample(),
      new FakeSink(),
      context().context,
    );
    await expect(refused).rejects.toMatchObject({ code: 'invalid-argument', subject: 'the subject' });
    const sink = new FakeSink();
    sink.onBatch = () => {
      throw new Error('out of memory');
    };
    const full = drawExample({ size: 2, perClass: 100, seed: 9 }, new FakeExample(), sink, context().context);
    await expect(full).rejects.toThrow('out of memory');
  });

  it('draws with the built module what it has always drawn', async () => {
    const module = await loadExampleModule(new URL('../../../build/wasm/', import.meta.url).href);
    const sink = new FakeSink();
    const drawn = await drawExample({ size: 48, perClass: 8, seed: 1 }, module, sink, context().context);
    expect(drawn.classes).toEqual(['ball', 'bottle', 'box', 'can', 'cup', 'leaf']);
    // As in tests/cpp/example.
    const all = sink.hashes.reduce((sum, hash) => BigInt.asUintN(64, sum * 31n + BigInt(`0x${hash}`)), 0n);
    expect(all).toBe(11692934852904195840n);
    expect(sink.hashes.map((hash) => hash.length)).toEqual(Array(48).fill(16));
    expect(
      sink.pixels.map((pixels) =>
        pixels.reduce((sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * fnvPrime), fnvBasis),
      ),
      'the hashes are those of the pixels',
    ).toEqual(sink.hashes.map((hash) => BigInt(`0x${hash}`)));
    const wrong = module.draw(1, 0, 0, 48, new Uint8Array(3));
    expect(wrong, 'a buffer of another size').toBeInstanceOf(Error);
    expect(module.draw(1, 6, 0, 1, new Uint8Array(3)), 'a class that is not there').toBeInstanceOf(Error);
  });
});
