// Photos on their way to the engine, some at a time.
import { BufferPool } from './buffer-pool.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What receives the photos: the engine. */
export interface PhotoSink {
  beginDataset(params: { size: number; classes: string[]; expected: number }): Promise<unknown>;
  /** Gives `pixels` back, to be filled again. */
  addPhotos(params: { pixels: Bytes; labels: number[]; hashes: string[] }): Promise<{ pixels: Bytes }>;
  /** The engine is gone: fails what is under way. */
  stop(message: string): void;
}

const batchPhotos = 32;

/** One batch is filled while the one before is being taken, in two buffers by turns. */
export class PhotoBatch {
  readonly #photoBytes: number;
  readonly #sink: PhotoSink;
  readonly #buffers: BufferPool;
  #pixels: Bytes;
  #labels: number[] = [];
  #hashes: string[] = [];
  #sending: Promise<unknown> = Promise.resolve();

  /** `size`: side of every photo. */
  constructor(size: number, sink: PhotoSink) {
    this.#photoBytes = size * size * 3;
    this.#sink = sink;
    this.#buffers = new BufferPool(this.#photoBytes * batchPhotos);
    this.#pixels = this.#buffers.take();
  }

  /** Copies the pixels, (size, size, 3). */
  async add({ pixels, hash }: { pixels: Uint8Array; hash: string }, label: number): Promise<void> {
    this.#pixels.set(pixels, this.#labels.length * this.#photoBytes);
    this.#labels.push(label);
    this.#hashes.push(hash);
    if (this.#labels.length === batchPhotos) await this.#send();
  }

  async flush(): Promise<void> {
    if (this.#labels.length > 0) await this.#send();
    await this.#sending;
  }

  async #send(): Promise<void> {
    await this.#sending;
    const pixels = this.#pixels.subarray(0, this.#labels.length * this.#photoBytes);
    this.#sending = this.#sink
      .addPhotos({ pixels, labels: this.#labels, hashes: this.#hashes })
      .then((taken) => this.#buffers.give(taken.pixels));
    this.#sending.catch(() => undefined); // reported by the next send or flush
    this.#pixels = this.#buffers.take();
    this.#labels = [];
    this.#hashes = [];
  }
}
