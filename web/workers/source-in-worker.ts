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

interface Reader {
  link: WorkerLink;
  client: Client<SourceReaderApi>;
  opened: Promise<SourceReaderApi['open']['result']>;
  died: boolean;
}

class SourceInWorker {
  readonly #startReader: () => WorkerLink;
  readonly #source: DataSource;
  #reader: Reader | null = null;

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

  /** An entry that ends the worker is damaged; the next one is read by a fresh worker. */
  async read(index: number, path: string): Promise<Uint8Array<ArrayBuffer>> {
    const reader = this.#reader ?? this.#start({});
    try {
      await reader.opened;
      const read = await reader.client.call('read', { index });
      if (!read.ok) throw new SkipError(read.reason, path);
      return read.bytes;
    } catch (error) {
      if (!isStopped(error)) throw error;
      if (reader.died) throw new SkipError('bad-entry', path);
      throw cancelledError();
    }
  }

  /** Ends the worker; reads under way fail as cancelled, a later one starts it again. */
  rest(): void {
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
    const reader: Reader = { link, client, opened, died: false };
    link.onDeath(() => {
      reader.died = this.#reader === reader;
      if (reader.died) this.rest();
    });
    this.#reader = reader;
    return reader;
  }
}

function isStopped(error: unknown): boolean {
  return error instanceof SortlabError && error.code === 'worker-stopped';
}
