// What the contestants of W1 and W1s learn, and the proof that they do.
export const batch = 32;
export const classes = 6;

export const random = (count: number) => Float32Array.from({ length: count }, Math.random);

export const labelsOfBatch = () => Int32Array.from({ length: batch }, (_, i) => i % classes);

/**
 * Noise with one channel lighter or darker by the class, so that there is something to learn. `step`: elements from one
 * value of a channel to where the next channel begins: 1 in NHWC, all pixels of a picture in NCHW.
 */
export function picturesOfBatch(size: number, step: number): Float32Array {
  const labels = labelsOfBatch();
  return random(batch * size * size * 3).map((value, i) => {
    const label = labels[Math.floor(i / (size * size * 3))] ?? 0;
    if (Math.floor(i / step) % 3 !== label % 3) return value;
    return label < 3 ? value / 2 : (1 + value) / 2;
  });
}

/** Steps that a contestant makes before its first call, so that the shortest visit, of six calls, is judged by its losses. */
export const firstSteps = 4;
const verdictStep = firstSteps + 6;

/** Throws unless the loss falls on a batch that is seen again and again. */
export class LossWatch {
  readonly losses: number[] = [];
  steps = 0;

  note(loss: number): void {
    this.steps++;
    if (this.losses.length < 20) this.losses.push(+loss.toFixed(4));
    if (!Number.isFinite(loss)) throw new Error('the loss is not finite');
    if (this.steps === 1) this.first = loss;
    // Three in a row, by more than dropout makes single losses jump.
    this.last.push(loss);
    if (this.last.length > 3) this.last.shift();
    if (this.steps >= verdictStep && !(Math.max(...this.last) < this.first - 0.02)) {
      throw new Error('the loss did not fall');
    }
  }

  private first = 0;
  private readonly last: number[] = [];
}
