// Buffers of one size that are filled, handed on and given back: thousands of photos pass through a few of them, where a
// new one each would wait for a garbage collector that sees no hurry.
type Bytes = Uint8Array<ArrayBuffer>;

export class BufferPool {
  readonly #bytes: number;
  readonly #free: Bytes[] = [];

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Its content is anything. */
  take(): Bytes {
    return this.#free.pop() ?? new Uint8Array(this.#bytes);
  }

  /** What is not a whole buffer of this size (lost on its way, or somebody else's) is left to the collector. */
  give(buffer: Bytes): void {
    if (buffer.buffer.byteLength === this.#bytes) this.#free.push(new Uint8Array(buffer.buffer));
  }
}
