/**
 * Exponential average of the probabilities over frames: calmer bars, later answers. weight is the part of the newest
 * frame; 1 switches it off. A sum of 1 stays a sum of 1.
 */
export class Smoothing {
  private mean: Float32Array | undefined;

  constructor(private readonly weight = 0.25) {}

  add(probs: Float32Array): Float32Array {
    const { mean } = this;
    if (!mean || mean.length !== probs.length) {
      this.mean = probs.slice();
      return this.mean.slice();
    }
    for (let index = 0; index < probs.length; index += 1) {
      mean[index] = (mean[index] ?? 0) + this.weight * ((probs[index] ?? 0) - (mean[index] ?? 0));
    }
    return mean.slice();
  }

  clear(): void {
    this.mean = undefined;
  }
}
