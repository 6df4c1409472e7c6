import { describe, expect, it } from 'vitest';
import { openFiles } from '../../../web/data/files.ts';
import { planPhotos } from '../../../web/data/plan.ts';
import type { SortlabError } from '../../../web/shared/protocol.ts';
import type { ImportProgress } from '../../../web/shared/data-api.ts';
import type { DecodedSquare, NotDecoded } from '../../../web/workers/decode-api.ts';
import type { PhotoSink } from '../../../web/workers/photo-batch.ts';
import { importPhotos, type PhotoDecoding } from '../../../web/workers/photo-import.ts';
import { FakeSink } from './fake-sink.ts';
import { testContext } from './test-context.ts';

/** Photo i holds the byte i; decoding takes a time that has nothing to do with the order. */
function dataSet(count: number) {
  const files = Array.from({ length: count }, (_, index) => ({
    path: `${index % 2 === 0 ? 'a' : 'b'}/${String(index).padStart(4, '0')}.jpg`,
    file: new Blob([new Uint8Array([index % 251, index >> 8])]),
  }));
  const source = openFiles(files, 'photos');
  return { source, plan: planPhotos('photos', source.files) };
}

class Decoding implements PhotoDecoding {
  readonly size = 4;
  underWay = 0;
  mostUnderWay = 0;
  constructor(readonly judge: (value: number) => NotDecoded | null = () => null) {}
  async square(bytes: Uint8Array, size: number): Promise<DecodedSquare | NotDecoded> {
    const value = bytes[0] ?? 0;
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    await new Promise((resolve) => setTimeout(resolve, (value * 7) % 5));
    this.underWay--;
    const hash = String(value).padStart(16, '0');
    const pixels = new Uint8Array(size * size * 3).fill(value);
    return (
      this.judge(value) ?? { ok: true, pixels, hash, width: 4, height: value === 3 ? 5 : 3, byBrowser: value === 1 }
    );
  }
}

describe('importPhotos', () => {
  it('delivers in the order of the plan, in batches, with few photos under way', async () => {
    const { source, plan } = dataSet(100);
    const [decoding, sink, { context, seen }] = [new Decoding(), new FakeSink(), testContext<ImportProgress>()];
    const result = await importPhotos({ source, plan, size: 2, fit: 'crop' }, decoding, sink, context);
    const order = [...Array.from({ length: 50 }, (_, i) => 2 * i), ...Array.from({ length: 50 }, (_, i) => 2 * i + 1)];
    expect(sink.begun).toEqual([{ size: 2, classes: ['a', 'b'], expected: 100 }]);
    expect(sink.pixels.map(([first]) => first)).toEqual(order);
    expect(sink.labels).toEqual(order.map((value) => value % 2));
    expect(sink.batches).toEqual([32, 32, 32, 4]);
    expect(decoding.mostUnderWay).toBeLessThanOrEqual(12);
    expect(decoding.mostUnderWay).toBeGreaterThan(4);
    expect(result.photoIds).toEqual(Array.from({ length: 100 }, (_, id) => id));
    expect(result.labels).toEqual(sink.labels);
    expect(result.classes).toEqual([
      { name: 'a', count: 50 },
      { name: 'b', count: 50 },
    ]);
    expect(result.sizes).toEqual([
      { width: 4, height: 3, count: 99 },
      { width: 4, height: 5, count: 1 },
    ]);
    expect(result.decodedByBrowser).toBe(1);
    expect(seen.at(-1)).toMatchObject({ done: 100, total: 100, perClass: [50, 50], skipped: 0, secondsLeft: 0 });
  });

  it('takes turns with a few buffers, however many photos pass through', async () => {
    const { source, plan } = dataSet(200);
    const [squares, batches] = [new Set<ArrayBuffer>(), new Set<ArrayBuffer>()];
    const decoding: PhotoDecoding = {
      size: 2,
      square: async (bytes, _size, _fit, into) => {
        squares.add(into.buffer);
        const hash = String(bytes[0]).padStart(16, '0');
        return { ok: true, pixels: into.fill(bytes[0] ?? 0), hash, width: 2, height: 2, byBrowser: false };
      },
    };
    const sink = new FakeSink();
    const counting: PhotoSink = {
      beginDataset: (params) => sink.beginDataset(params),
      stop: () => undefined,
      addPhotos: async (params) => {
        batches.add(params.pixels.buffer);
        return sink.addPhotos(params);
      },
    };
    await importPhotos({ source, plan, size: 2, fit: 'crop' }, decoding, counting, testContext<never>().context);
    expect(sink.pixels.map(([first]) => first)).toEqual(plan.photos.map(({ file }) => file % 251));
    expect(squares.size, 'as many squares as photos are under way').toBeLessThanOrEqual(5);
    expect(batches.size, 'one batch is filled while the other is taken').toBe(2);
  });

  it('leaves out what cannot be decoded, says why, and counts the classes again', async () => {
    const { source, plan } = dataSet(30);
    const decoding = new Decoding((value) =>
      value % 2 === 0 && value > 8 ? { ok: false, reason: 'truncated' } : null,
    );
    const [sink, { context }] = [new FakeSink(), testContext<ImportProgress>()];
    const result = await importPhotos({ source, plan, size: 2, fit: 'crop' }, decoding, sink, context);
    expect(result.classes).toEqual([
      { name: 'a', count: 5 },
      { name: 'b', count: 15 },
    ]);
    expect(result.photoIds).toEqual([0, 1, 2, 3, 4, ...Array.from({ length: 15 }, (_, index) => 15 + index)]);
    expect(result.skipped).toHaveLength(10);
    expect(result.skipped[0]).toEqual({
      path: 'a/0010.jpg',
      reason: 'truncated',
      detail: '“a/0010.jpg” is cut off before its end; copy the photo again from where it came from.',
    });
    expect(result.findings.map(({ kind }) => kind)).toEqual(['small-class']);
  });

  it('finds copies within a class and across classes', async () => {
    const files = ['a/1', 'a/2', 'b/1', 'b/2', 'b/3'].map((path, index) => ({
      path: `${path}.jpg`,
      file: new Blob([new Uint8Array([[5, 5, 6, 5, 7][index] ?? 0])]),
    }));
    const source = openFiles(files, 'photos');
    const plan = planPhotos('photos', source.files);
    const result = await importPhotos(
      { source, plan, size: 2, fit: 'crop' },
      new Decoding(),
      new FakeSink(),
      testContext<ImportProgress>().context,
    );
    const messages = result.findings.filter(({ kind }) => kind === 'duplicate-photos').map(({ message }) => message);
    expect(messages).toHaveLength(2);
    expect(messages[0]).toContain('“a/2.jpg” of “a/1.jpg”');
    expect(messages[1]).toContain('“b/2.jpg” and “a/1.jpg”');
  });

  it('fails when nothing at all can be decoded, or the engine takes no more', async () => {
    const { source, plan } = dataSet(40);
    const none = new Decoding(() => ({ ok: false, reason: 'damaged' }));
    const request = { source, plan, size: 2, fit: 'crop' } as const;
    const failing = importPhotos(request, none, new FakeSink(), testContext<ImportProgress>().context);
    const error = (await failing.catch((thrown: unknown) => thrown)) as SortlabError;
    expect(error.message).toContain('None of the photos in “photos” can be read');
    expect(error.skipped).toHaveLength(40);
    expect(error.skipped[0]).toMatchObject({ path: plan.photos[0]?.path, reason: 'damaged' });
    const full = new FakeSink();
    full.onBatch = () => {
      throw new Error('out of memory');
    };
    await expect(importPhotos(request, new Decoding(), full, testContext<ImportProgress>().context)).rejects.toThrow(
      'out of memory',
    );
  });

  it('ends at once when cancelled, even while a photo hangs', async () => {
    const { source, plan } = dataSet(40);
    const { context, cancel } = testContext<ImportProgress>();
    const hanging: PhotoDecoding = { size: 2, square: () => new Promise(() => undefined) };
    const importing = importPhotos({ source, plan, size: 2, fit: 'crop' }, hanging, new FakeSink(), context);
    setTimeout(cancel, 10);
    await expect(importing).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('decodes nothing that is read after the end', async () => {
    const { source, plan } = dataSet(40);
    const { context, cancel } = testContext<ImportProgress>();
    const reads: (() => void)[] = [];
    const slow = {
      ...source,
      read: (file: number) => new Promise<void>((done) => reads.push(done)).then(() => source.read(file)),
    };
    const decoding = new Decoding();
    const importing = importPhotos({ source: slow, plan, size: 2, fit: 'crop' }, decoding, new FakeSink(), context);
    setTimeout(cancel, 10);
    await expect(importing).rejects.toMatchObject({ code: 'cancelled' });
    expect(reads.length).toBe(decoding.size + 2);
    reads.forEach((done) => done());
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(decoding.mostUnderWay).toBe(0);
  });
});
