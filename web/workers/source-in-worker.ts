// A source read in a worker of its own. Reading thousands of entries leaves tens of megabytes of buffers and streams behind,
// which an idle worker keeps; one that ends gives all of it back at once.
import { SkipError, type ListingHooks, type Source } from '../data/source.ts';
import { cancelledError, connect, type Client } from '../shared/call.ts';
import type { DataSource } from '../shared/data-api.ts';
import { engineErrors } from '../shared/messages.ts';
import { SortlabError } from '../shared/protocol.ts';
import type { SourceReaderApi } from './source-reader-api.ts';
import type { WorkerLink } from './worker-link.ts';

/** What openSource does, in a worker that `startReader` starts. Errors: those of openSource; the worker does not start. */
export async function openSourceInWorker(
  startReader: () => WorkerLink,
  source: DataSource,
  hooks: ListingHooks = {},
): Promise<Source> {
  const inWorker = new SourceInWorker(startReader, source);
  try {
    const files = await inWorker.open(hooks);
    return {
      name: source.name,
      files,
      read: (index) => inWorker.read(index, files[index]?.path ?? ''),
      rest: () => inWorker.rest(),
    };
  } catch (error) {
    inWorker.rest();
    throw error;
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

interface Reader {
  link: WorkerLink;
  client: Client<SourceReaderApi>;
  opened: Promise<SourceReaderApi['open']['result']>;
  reading: number; // entries under way
  died: boolean;
  diedReading: number;
}

class SourceInWorker {
  readonly #startReader: () => WorkerLink;
  readonly #source: DataSource;
  #reader: Reader | null = null;
  #rests = 0; // how often it has rested: what was asked for before is cancelled
  #alone: Promise<void> | null = null; // the last of the entries that are read one at a time

  constructor(startReader: () => WorkerLink, source: DataSource) {
    this.#startReader = startReader;
    this.#source = source;
  }

  async open(hooks: ListingHooks): Promise<SourceReaderApi['open']['result']> {
    const reader = this.#start(hooks);
    try {
      return await reader.opened;
    } catch (error) {
      if (reader.died) throw engineErrors.loadFailed('reader', 'it stopped');
      throw isStopped(error) ? cancelledError() : error;
    }
  }

  /**
   * Where the worker dies, what it was reading is read once more, one entry at a time: only the one that ends its worker
   * alone is damaged. Entries asked for meanwhile wait.
   */
  async read(index: number, path: string): Promise<Bytes> {
    const rests = this.#rests;
    while (this.#alone !== null) await this.#alone;
    this.#throwIfRested(rests);
    return (await this.#readOnce(index, path)) ?? this.#readAlone(index, path, rests);
  }

  #readAlone(index: number, path: string, rests: number): Promise<Bytes> {
    const before = this.#alone;
    const reading = (async () => {
      await before;
      this.#throwIfRested(rests);
      const bytes = await this.#readOnce(index, path);
      if (bytes === null) throw new SkipError('bad-entry', path);
      return bytes;
    })();
    const ended: Promise<void> = reading.then(ignore, ignore).then(() => {
      if (this.#alone === ended) this.#alone = null;
    });
    this.#alone = ended;
    return reading;
  }

  /** Null where the worker died with other entries in hand: any of them may have ended it. */
  async #readOnce(index: number, path: string): Promise<Bytes | null> {
    const reader = this.#reader ?? this.#start({});
    reader.reading++;
    try {
      await reader.opened;
      const read = await reader.client.call('read', { index });
      if (!read.ok) throw new SkipError(read.reason, path);
      return read.bytes;
    } catch (error) {
      if (!isStopped(error)) throw error;
      if (!reader.died) throw cancelledError();
      if (reader.diedReading > 1) return null;
      throw new SkipError('bad-entry', path);
    } finally {
      reader.reading--;
    }
  }

  #throwIfRested(rests: number): void {
    if (rests !== this.#rests) throw cancelledError();
  }

  /** Ends the worker; reads under way fail as cancelled, a later one starts it again. */
  rest(): void {
    this.#rests++;
    this.#end();
  }

  #end(): void {
    const reader = this.#reader;
    this.#reader = null;
    reader?.link.terminate();
    reader?.client.stop('Cancelled.');
  }

  #start({ onProgress, throwIfCancelled }: ListingHooks): Reader {
    const link = this.#startReader();
    const client = connect<SourceReaderApi>(link.port);
    const opened = client.call(
      'open',
      { source: this.#source },
      {
        onProgress: ({ done, total }) => {
          onProgress?.(done, total);
          try {
            throwIfCancelled?.();
          } catch {
            this.rest();
          }
        },
      },
    );
    opened.catch(() => undefined); // reported to those who wait for it
    const reader: Reader = { link, client, opened, reading: 0, died: false, diedReading: 0 };
    link.onDeath(() => {
      if (this.#reader !== reader) return;
      reader.died = true;
      reader.diedReading = reader.reading;
      this.#end();
    });
    this.#reader = reader;
    return reader;
  }
}

const ignore = (): void => undefined; // reported to those who asked

function isStopped(error: unknown): boolean {
  return error instanceof SortlabError && error.code === 'worker-stopped';
}
