// An engine that only remembers the photos it was given.
import { expect } from 'vitest';
import type { PhotoSink } from '../../../web/workers/photo-batch.ts';

type Photos = Parameters<PhotoSink['addPhotos']>[0];

export class FakeSink implements PhotoSink {
  readonly begun: { size: number; classes: string[]; expected: number }[] = [];
  /** Of each photo. */
  readonly pixels: Uint8Array[] = [];
  readonly labels: number[] = [];
  readonly hashes: string[] = [];
  /** The number of photos in each batch. */
  readonly batches: number[] = [];
  /** Called with the number of batches so far, this one included; may throw. */
  onBatch: (batches: number) => void = () => undefined;

  async beginDataset(params: { size: number; classes: string[]; expected: number }): Promise<void> {
    this.begun.push(params);
  }
  async addPhotos({ pixels, labels, hashes }: Photos): ReturnType<PhotoSink['addPhotos']> {
    this.onBatch(this.batches.length + 1);
    const photoBytes = pixels.length / labels.length;
    expect(Number.isInteger(photoBytes) && hashes.length === labels.length).toBe(true);
    labels.forEach((_, index) => this.pixels.push(pixels.slice(index * photoBytes, (index + 1) * photoBytes)));
    this.labels.push(...labels);
    this.hashes.push(...hashes);
    this.batches.push(labels.length);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { pixels };
  }
  stop(): void {}
}
