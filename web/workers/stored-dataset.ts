// What the host remembers of the engine's data set, so that it can move to a new instance.
import type { Engine } from './module-types.ts';
import { unwrap } from './fallible.ts';

const movePhotos = 64;

export class StoredDataset {
  readonly size: number;
  readonly classes: string[];
  readonly expected: number;
  readonly labels: number[] = [];
  readonly hashes: string[] = [];

  constructor(size: number, classes: string[], expected: number) {
    this.size = size;
    this.classes = classes;
    this.expected = expected;
  }

  get count(): number {
    return this.labels.length;
  }

  begin(engine: Engine): void {
    unwrap(engine.beginDataset(this.size, this.classes, this.expected));
  }

  add(engine: Engine, pixels: Uint8Array, labels: number[], hashes: string[]): void {
    unwrap(engine.addPhotos(pixels, Int32Array.from(labels), hashes));
    this.labels.push(...labels);
    this.hashes.push(...hashes);
  }

  /** Block by block: never a second whole copy on the JavaScript side. */
  move(from: Engine, to: Engine): void {
    this.begin(to);
    const photoBytes = this.size * this.size * 3;
    const block = new Uint8Array(Math.min(movePhotos, this.labels.length) * photoBytes);
    for (let first = 0; first < this.labels.length; first += movePhotos) {
      const last = Math.min(first + movePhotos, this.labels.length);
      const pixels = block.subarray(0, (last - first) * photoBytes);
      for (let index = first; index < last; index++) {
        pixels.set(unwrap(from.photoPixels(index)), (index - first) * photoBytes);
      }
      unwrap(to.addPhotos(pixels, Int32Array.from(this.labels.slice(first, last)), this.hashes.slice(first, last)));
    }
  }
}
