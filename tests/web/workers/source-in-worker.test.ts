import { beforeEach, describe, expect, it } from 'vitest';
import { openSource } from '../../../web/data/open-source.ts';
import type { Source } from '../../../web/data/source.ts';
import { serve } from '../../../web/shared/call.ts';
import type { DataSource } from '../../../web/shared/data-api.ts';
import { eventPort } from '../../../web/shared/ports.ts';
import type { Port } from '../../../web/shared/protocol.ts';
import { serveSourceReader } from '../../../web/workers/serve-source-reader.ts';
import type { SourceReaderApi } from '../../../web/workers/source-reader-api.ts';
import type { WorkerLink } from '../../../web/workers/worker-link.ts';
import { openSourceInWorker } from '../../../web/workers/source-in-worker.ts';
import { zipBytes } from '../data/zip-bytes.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const data = (content: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(content));
const file = new Blob([
  zipBytes([
    { name: 'a/1.jpg', data: data('first') },
    { name: 'a/2.jpg', data: data('second') },
    { name: 'b/3.jpg', data: data('third'), crc: 1 },
  ]),
]);
const zip: DataSource = { kind: 'zip', name: 'photos.zip', file };

/** Readers in this thread. `run` plays one; the real one unless a test says otherwise. */
let counts: { started: number; running: number };
let deaths: (() => void)[];
let run: (port: Port) => void;

function startReader(): WorkerLink {
  counts.started++;
  counts.running++;
  const { port1, port2 } = new MessageChannel();
  run(eventPort(port2));
  return {
    port: eventPort(port1),
    onDeath: (listener) => deaths.push(listener),
    terminate: () => {
      counts.running--;
      port1.close();
    },
  };
}

beforeEach(() => {
  counts = { started: 0, running: 0 };
  deaths = [];
  run = serveSourceReader;
});

describe('openSourceInWorker', () => {
  it('lists and reads as the zip itself does, damaged entries included', async () => {
    const progress: number[] = [];
    const source = await openSourceInWorker(startReader, zip, { onProgress: (done) => progress.push(done) });
    expect(source.name).toBe('photos.zip');
    expect(source.files.map(({ path, bytes }) => `${path} ${bytes}`)).toEqual(['a/1.jpg 5', 'a/2.jpg 6', 'b/3.jpg 5']);
    expect(text(await source.read(1))).toBe('second');
    await expect(source.read(2)).rejects.toMatchObject({ name: 'SkipError', reason: 'bad-entry' });
    expect(progress.at(-1)).toBe(3);
    source.rest?.();
  });

  it('ends its worker when it rests, and starts another for a later read', async () => {
    const source = await openSourceInWorker(startReader, zip);
    expect(text(await source.read(0))).toBe('first');
    source.rest?.();
    expect(counts).toEqual({ started: 1, running: 0 });
    expect(text(await source.read(1))).toBe('second');
    expect(counts).toEqual({ started: 2, running: 1 });
    source.rest?.();
    source.rest?.();
    expect(counts).toEqual({ started: 2, running: 0 });
  });

  it('fails reads under way as cancelled when it rests', async () => {
    const source = await openSourceInWorker(startReader, zip);
    const reading = source.read(0);
    source.rest?.();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says what is wrong with the zip, and leaves no worker behind', async () => {
    await expect(openSourceInWorker(startReader, { ...zip, file: new Blob(['no zip']) })).rejects.toMatchObject({
      code: 'invalid-data',
      message: '“photos.zip” is not a zip file; choose a .zip or a folder with one folder of photos per class.',
    });
    expect(counts.running).toBe(0);
  });

  it('is cancelled while it lists', async () => {
    const throwIfCancelled = (): void => {
      throw new Error('cancelled');
    };
    await expect(openSourceInWorker(startReader, zip, { throwIfCancelled })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(counts.running).toBe(0);
  });

  it('calls an entry damaged that ends its worker, and reads the next one with a fresh worker', async () => {
    const source = await openSourceInWorker(startReader, zip);
    const reading = source.read(0);
    deaths.at(-1)?.();
    await expect(reading).rejects.toMatchObject({ name: 'SkipError', reason: 'bad-entry' });
    expect(counts.running).toBe(0);
    expect(text(await source.read(1))).toBe('second');
    source.rest?.();
  });

  describe('where the worker dies of one of several entries', () => {
    const names = ['a/1.jpg', 'a/2.jpg', 'b/3.jpg', 'b/4.jpg'];
    const sound: DataSource = {
      kind: 'zip',
      name: 'sound.zip',
      file: new Blob([zipBytes(names.map((name) => ({ name, data: data(name) })))]),
    };
    let reads: string[];

    /** The first reader takes what it is given and answers nothing; every reader dies of entry `guilty`. */
    function dieOf(guilty: number): void {
      reads = [];
      run = (port) => {
        const mine = counts.started;
        let source: Source | null = null;
        serve<SourceReaderApi>(port, {
          open: async (params) => {
            source = await openSource(params.source);
            return source.files;
          },
          read: async ({ index }) => {
            reads.push(`worker ${mine}: ${index}`);
            if (index === guilty) deaths[mine - 1]?.();
            if (index === guilty || mine === 1) return new Promise(() => undefined);
            return { ok: true, bytes: (await source?.read(index)) ?? new Uint8Array(0) };
          },
        });
      };
    }

    it('reads each of them again alone, and calls only the guilty one damaged', async () => {
      dieOf(2);
      const source = await openSourceInWorker(startReader, sound);
      let late: Promise<Uint8Array> | null = null;
      const died = source.read(0).finally(() => (late = source.read(3))); // while the others are read again
      const all = await Promise.allSettled([died, source.read(1), source.read(2)]);
      expect(all.map((each) => (each.status === 'fulfilled' ? text(each.value) : each.reason.reason))).toEqual([
        'a/1.jpg',
        'a/2.jpg',
        'bad-entry',
      ]);
      expect(text((await late) ?? new Uint8Array(0))).toBe('b/4.jpg');
      expect(reads).toEqual([
        ...['worker 1: 0', 'worker 1: 1', 'worker 1: 2'],
        ...['worker 2: 0', 'worker 2: 1', 'worker 2: 2'],
        'worker 3: 3',
      ]);
      source.rest?.();
      expect(counts).toEqual({ started: 3, running: 0 });
    });

    it('reads none of them again once it rests', async () => {
      const source = await openSourceInWorker(startReader, sound);
      const reading = [source.read(0), source.read(1)];
      deaths.at(-1)?.();
      source.rest?.();
      for (const each of reading) await expect(each).rejects.toMatchObject({ code: 'cancelled' });
      expect(counts.running).toBe(0);
    });
  });

  it('says that the reader did not load where it dies before the list is there', async () => {
    run = () => setTimeout(() => deaths.at(-1)?.(), 1);
    await expect(openSourceInWorker(startReader, zip)).rejects.toMatchObject({
      code: 'internal',
      message: 'The engine file “reader” could not be loaded (it stopped); try again.',
    });
    expect(counts.running).toBe(0);
  });
});
