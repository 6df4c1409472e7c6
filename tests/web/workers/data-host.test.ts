import { beforeEach, describe, expect, it } from 'vitest';
import { openSource } from '../../../web/data/open-source.ts';
import { serve } from '../../../web/shared/call.ts';
import type { DataSource } from '../../../web/shared/data-api.ts';
import { eventPort } from '../../../web/shared/ports.ts';
import { DataHost } from '../../../web/workers/data-host.ts';
import type { DecodeApi } from '../../../web/workers/decode-api.ts';
import { PhotoDecoder } from '../../../web/workers/photo-decoder.ts';
import type { PhotoSink } from '../../../web/workers/photo-batch.ts';
import type { WorkerLink } from '../../../web/workers/worker-link.ts';
import { zipBytes } from '../data/zip-bytes.ts';
import { FakeDecode } from './fake-decode.ts';
import { FakeExample } from './fake-example.ts';
import { testContext } from './test-context.ts';

const photo = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));
let decodersRunning = 0;

function startDecoder(): WorkerLink {
  decodersRunning++;
  const { port1, port2 } = new MessageChannel();
  const handlers = new PhotoDecoder(async () => new FakeDecode()).handlers();
  serve<DecodeApi>(eventPort(port2), { start: () => undefined, ...handlers });
  return {
    port: eventPort(port1),
    onDeath: () => undefined,
    terminate: () => {
      decodersRunning--;
      port1.close();
    },
  };
}

class Sink implements PhotoSink {
  readonly begun: { classes: string[]; expected: number }[] = [];
  labels: number[] = [];
  stopped = '';
  async beginDataset({ classes, expected }: { size: number; classes: string[]; expected: number }): Promise<void> {
    this.begun.push({ classes, expected });
    this.labels = [];
  }
  async addPhotos({ pixels, labels }: Parameters<PhotoSink['addPhotos']>[0]): ReturnType<PhotoSink['addPhotos']> {
    this.labels.push(...labels);
    return { pixels };
  }
  stop(message: string): void {
    this.stopped = message;
  }
}

const zip: DataSource = {
  kind: 'zip',
  name: 'photos.zip',
  file: new Blob([
    zipBytes([
      { name: 'metal/1.jpg', data: photo('J1') },
      { name: 'metal/2.jpg', data: photo('T') },
      { name: 'glass/1.png', data: photo('J2') },
      { name: 'glass/2.jpg', data: photo('X') },
      { name: 'glass/3.jpg', data: photo('J3'), crc: 1 },
      { name: 'glass/4.jpg', data: photo('') },
      { name: 'glass/.DS_Store', data: photo('x') },
    ]),
  ]),
};

let host: DataHost;
let sinks: Sink[];
let resting: number;
let exampleLoads: string[];
let onExampleLoad: () => void;

beforeEach(() => {
  decodersRunning = 0;
  sinks = [];
  resting = 0;
  exampleLoads = [];
  onExampleLoad = () => undefined;
  const connectEngine = (): Sink => {
    const sink = new Sink();
    sinks.push(sink);
    return sink;
  };
  host = new DataHost(
    startDecoder,
    connectEngine,
    async (source, hooks) => ({ ...(await openSource(source, hooks)), rest: () => resting++ }),
    async (wasmUrl) => {
      exampleLoads.push(wasmUrl);
      onExampleLoad();
      return new FakeExample();
    },
  );
  host.start('wasm/', 2);
  host.attachEngine('a port');
});

describe('DataHost', () => {
  it('plans, imports in the order of paths, skips with reasons, and ends its decoders', async () => {
    const handlers = host.handlers();
    const plan = await handlers.open({ source: zip }, testContext<{ done: number; total: number }>().context);
    expect(plan).toMatchObject({ name: 'photos.zip', photoCount: 6 });
    expect(plan, 'the plan that is sent holds no inner list').not.toHaveProperty('photos');
    const result = await handlers.import({ size: 2, fit: 'crop' }, testContext<never>().context);
    expect(sinks[0]?.begun).toEqual([{ classes: ['glass', 'metal'], expected: 6 }]);
    expect(sinks[0]?.labels).toEqual([0, 1]);
    expect(result.skipped.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'glass/.DS_Store junk',
      'glass/2.jpg damaged',
      'glass/3.jpg bad-entry',
      'glass/4.jpg empty',
      'metal/2.jpg truncated',
    ]);
    expect(decodersRunning).toBe(0);
    expect(resting, 'the zip gives its memory back').toBe(1);
  });

  it('gives the memory of a zip back however its reading ends', async () => {
    const handlers = host.handlers();
    const opening = testContext<{ done: number; total: number }>();
    await handlers.open({ source: zip }, opening.context);
    const { context, cancel } = testContext<never>();
    const importing = handlers.import({ size: 2, fit: 'crop' }, context);
    cancel();
    await expect(importing).rejects.toMatchObject({ code: 'cancelled' });
    expect(resting, 'cancelled').toBe(1);
    await handlers.open({ source: zip, atLeast: 1 }, opening.context);
    expect(resting, 'another in its place').toBe(2);
    await expect(handlers.open({ source: zip, atLeast: 9 }, opening.context)).rejects.toThrow('“photos.zip”');
    expect(resting, 'another in its place, and that one refused').toBe(4);
    const listing = testContext<{ done: number; total: number }>();
    const cancelled = handlers.open({ source: zip }, listing.context);
    listing.cancel();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('empties the data set when an import is cancelled', async () => {
    const handlers = host.handlers();
    await handlers.open({ source: zip }, testContext<{ done: number; total: number }>().context);
    const { context, cancel } = testContext<never>();
    const importing = handlers.import({ size: 2, fit: 'crop' }, context);
    cancel();
    await expect(importing).rejects.toMatchObject({ code: 'cancelled' });
    expect(sinks[0]?.begun.at(-1)?.expected).toBe(0);
    expect(decodersRunning).toBe(0);
    const again = await handlers.import({ size: 2, fit: 'crop' }, testContext<never>().context);
    expect(again.photoIds).toHaveLength(2);
  });

  it('decodes photos outside the data set, in their order', async () => {
    const files = ['J9', 'W', 'J8'].map((text, index) => ({ name: `${index}.heic`, file: new Blob([photo(text)]) }));
    const results = await host.decode({ files, size: 2, fit: 'crop' }, testContext<never>().context);
    expect(results.map((result) => (result.ok ? result.pixels[0] : result.reason))).toEqual([57, 'unsupported', 56]);
    expect(results[1]).toMatchObject({ name: '1.heic', detail: expect.stringContaining('HEIC') as string });
  });

  it('fails with a sentence before anything is open, and keeps nothing of a source that was refused', async () => {
    const { context } = testContext<never>();
    const handlers = host.handlers();
    await expect(handlers.import({ size: 2, fit: 'crop' }, context)).rejects.toThrow('No data is open');
    await handlers.open({ source: zip }, testContext<{ done: number; total: number }>().context);
    const bad: DataSource = { kind: 'files', name: 'folder', files: [{ path: 'a/1.jpg', file: new Blob(['J']) }] };
    await expect(
      handlers.open({ source: bad }, testContext<{ done: number; total: number }>().context),
    ).rejects.toThrow('“folder” holds only one class, “a”');
    await expect(handlers.import({ size: 2, fit: 'crop' }, context)).rejects.toThrow('No data is open');
  });

  it('labels photos by the classes of a model, and refuses others', async () => {
    await host.open(zip, testContext<{ done: number; total: number }>().context, 1);
    const classes = ['Metal', 'paper', 'GLASS'];
    const result = await host.import({ size: 2, fit: 'crop', classes }, testContext<never>().context);
    expect(result.classes.map(({ count }) => count)).toEqual([1, 0, 1]);
    expect(sinks[0]?.begun[0]?.classes).toEqual(['Metal', 'paper', 'GLASS']);
    expect(sinks[0]?.labels).toEqual([2, 0]);
    expect(result.findings, 'none about training').toEqual([]);
    await expect(
      host.import({ size: 2, fit: 'crop', classes: ['metal', 'paper'] }, testContext<never>().context),
    ).rejects.toThrow('“photos.zip” has the class “glass”, which the model does not know');
  });

  it('loads the example when it is asked for, once, and draws it into the engine', async () => {
    const { drawExample } = host.handlers();
    const call = testContext<{ done: number; total: number }>();
    expect(exampleLoads).toEqual([]);
    const drawn = await drawExample({ size: 2, perClass: 3, seed: 9 }, call.context);
    expect(drawn).toEqual({ classes: ['ball', 'cup'], count: 6, labels: [0, 0, 0, 1, 1, 1] });
    expect(sinks[0]?.begun).toEqual([{ classes: ['ball', 'cup'], expected: 6 }]);
    expect(sinks[0]?.labels).toEqual([0, 0, 0, 1, 1, 1]);
    await drawExample({ size: 3, perClass: 3, seed: 9 }, call.context);
    expect(exampleLoads).toEqual(['wasm/']);
  });

  it('asks for the example again after it could not be loaded', async () => {
    const { drawExample } = host.handlers();
    const call = testContext<{ done: number; total: number }>();
    onExampleLoad = () => {
      throw new Error('no network');
    };
    await expect(drawExample({ size: 2, perClass: 3, seed: 9 }, call.context)).rejects.toThrow('no network');
    expect(sinks[0]?.begun, 'the data set before is still there').toEqual([]);
    onExampleLoad = () => undefined;
    expect((await drawExample({ size: 2, perClass: 3, seed: 9 }, call.context)).count).toBe(6);
  });

  it('empties the data set when drawing is cancelled, and fills it with one thing at a time', async () => {
    const handlers = host.handlers();
    const { context, cancel } = testContext<{ done: number; total: number }>();
    const drawing = handlers.drawExample({ size: 2, perClass: 500, seed: 9 }, context);
    await expect.poll(() => sinks[0]?.begun.length).toBe(1);
    const open = testContext<{ done: number; total: number }>().context;
    await handlers.open({ source: zip }, open);
    cancel();
    await expect(drawing).rejects.toMatchObject({ code: 'cancelled' });
    expect(sinks[0]?.begun.at(-1)?.expected).toBe(0);
    const again = handlers.drawExample({ size: 2, perClass: 500, seed: 9 }, open);
    await expect(handlers.import({ size: 2, fit: 'crop' }, testContext<never>().context)).rejects.toThrow(
      'Photos are being read already',
    );
    expect((await again).count).toBe(1000);
  });

  it('inspects headers only', async () => {
    await host.open(zip, testContext<{ done: number; total: number }>().context);
    const found = await host.inspect(testContext<{ done: number; total: number }>().context);
    expect(found.classes).toEqual([
      { name: 'glass', count: 1 },
      { name: 'metal', count: 1 },
    ]);
    expect(found.sizes).toEqual([{ width: 10, height: 20, count: 2 }]);
    expect(found.findings.map(({ message }) => message)).toEqual([
      'The class “glass” has one photo only; training needs at least two, better twenty or more.',
      'The class “metal” has one photo only; training needs at least two, better twenty or more.',
    ]);
    expect(found.skipped.map(({ reason }) => reason)).toEqual(['junk', 'damaged', 'bad-entry', 'empty', 'truncated']);
  });

  it('tells the old engine connection that it is over when a new one comes', () => {
    host.attachEngine('another port');
    expect(sinks[0]?.stopped).not.toBe('');
    expect(sinks[1]?.stopped).toBe('');
  });
});
