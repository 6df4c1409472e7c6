// Several decoders, each with one photo at a time. A decoder that dies takes its photo with it (reported as damaged), one
// that is stuck likewise (too slow); it is replaced. Ending the pool gives all its memory back; it starts again at the next photo.
import { cancelledError, connect, type Client } from '../shared/call.ts';
import { engineErrors } from '../shared/messages.ts';
import { SortlabError } from '../shared/protocol.ts';
import type { Fit } from '../shared/engine-types.ts';
import type { DecodeApi, DecodedSquare, Inspected, NotDecoded } from './decode-api.ts';
import type { WorkerLink } from './worker-link.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Job<T = unknown> = {
  run: (client: Client<DecodeApi>) => Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
};

interface Decoder {
  link: WorkerLink;
  client: Client<DecodeApi>;
  ready: Promise<void>;
  started: boolean;
}

/** A photo takes milliseconds, the largest some seconds on a slow phone. */
const photoSeconds = 30;

export class DecodePool {
  readonly size: number;
  readonly #secondMilliseconds: number;
  readonly #startDecoder: () => WorkerLink;
  readonly #wasmUrl: string;
  readonly #idle: Decoder[] = [];
  readonly #all = new Set<Decoder>();
  #waiting: Job[] = [];

  /** `secondMilliseconds`: tests have shorter seconds. */
  constructor(startDecoder: () => WorkerLink, wasmUrl: string, size: number, secondMilliseconds = 1000) {
    this.#secondMilliseconds = secondMilliseconds;
    this.#startDecoder = startDecoder;
    this.#wasmUrl = wasmUrl;
    this.size = size;
  }

  square(bytes: Bytes, size: number, fit: Fit, into?: Bytes): Promise<DecodedSquare | NotDecoded> {
    const transfer = into === undefined ? [bytes.buffer] : [bytes.buffer, into.buffer];
    return this.#submit((client) => client.call('square', { bytes, size, fit, into }, { transfer }));
  }

  inspect(bytes: Bytes): Promise<Inspected | NotDecoded> {
    return this.#submit((client) => client.call('inspect', { bytes }, { transfer: [bytes.buffer] }));
  }

  /** Ends every decoder; photos under way and waiting are rejected with "cancelled". */
  end(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(cancelledError());
    for (const decoder of [...this.#all]) this.#drop(decoder);
  }

  #submit<T>(run: (client: Client<DecodeApi>) => Promise<T | NotDecoded>): Promise<T | NotDecoded> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ run, resolve: resolve as (value: unknown) => void, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const decoder = this.#idle.pop() ?? (this.#all.size < this.size ? this.#start() : undefined);
    const job = decoder === undefined ? undefined : this.#waiting.shift();
    if (decoder !== undefined && job !== undefined) void this.#work(decoder, job);
  }

  async #work(decoder: Decoder, job: Job): Promise<void> {
    const stopWaiting = this.#limit(() => {
      if (!this.#all.has(decoder)) return;
      if (decoder.started) job.resolve({ ok: false, reason: 'too-slow' } satisfies NotDecoded);
      else job.reject(engineErrors.loadFailed('decode worker', 'it did not start'));
      this.#drop(decoder);
    });
    try {
      await decoder.ready;
      decoder.started = true;
      job.resolve(await job.run(decoder.client));
      if (this.#all.has(decoder)) this.#idle.push(decoder);
    } catch (error) {
      const died = error instanceof SortlabError && error.code === 'worker-stopped';
      if (!this.#all.has(decoder)) job.reject(cancelledError());
      else if (died && decoder.started) job.resolve({ ok: false, reason: 'damaged' } satisfies NotDecoded);
      else job.reject(died ? engineErrors.loadFailed('decode worker', 'it did not start') : error);
      this.#drop(decoder);
    } finally {
      stopWaiting();
    }
    this.#next();
  }

  /** Counts seconds in which this thread ran: a computer that sleeps decodes nothing either. Returns what ends the wait. */
  #limit(late: () => void): () => void {
    let seconds = 0;
    const timer = setInterval(() => {
      if (++seconds < photoSeconds) return;
      clearInterval(timer);
      late();
    }, this.#secondMilliseconds);
    return () => clearInterval(timer);
  }

  #start(): Decoder {
    const link = this.#startDecoder();
    const client = connect<DecodeApi>(link.port);
    const ready = client.call('start', { wasmUrl: this.#wasmUrl });
    ready.catch(() => undefined); // reported by the job that waits for it
    const decoder: Decoder = { link, client, ready, started: false };
    link.onDeath(() => client.stop('The decoder stopped.'));
    this.#all.add(decoder);
    return decoder;
  }

  #drop(decoder: Decoder): void {
    if (!this.#all.delete(decoder)) return;
    const index = this.#idle.indexOf(decoder);
    if (index >= 0) this.#idle.splice(index, 1);
    decoder.link.terminate();
    decoder.client.stop('Cancelled.');
  }
}
