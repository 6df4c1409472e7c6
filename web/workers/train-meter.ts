// Speed and time left of a training run, from its slices.
import type { EpochResult, RawProgress, TrainProgress } from '../shared/engine-types.ts';

const windowMilliseconds = 3000;

export class TrainMeter {
  readonly #epochs: number;
  readonly #begun: number;
  #trainMilliseconds = 0; // validation left out
  #images = 0;
  #phase: RawProgress['phase'] = 'training';
  readonly #recent: { milliseconds: number; images: number }[] = [];

  constructor(epochs: number, begun: number) {
    this.#epochs = epochs;
    this.#begun = begun;
  }

  /** A slice counts as training when it began in training; a slice that crosses over costs at most its own length. */
  add(raw: RawProgress, milliseconds: number): void {
    const images = raw.imagesTrained - this.#images;
    if (this.#phase === 'training' || images > 0) {
      this.#trainMilliseconds += milliseconds;
      this.#recent.push({ milliseconds, images });
      while (this.#recentMilliseconds() - (this.#recent[0]?.milliseconds ?? 0) > windowMilliseconds)
        this.#recent.shift();
    }
    this.#images = raw.imagesTrained;
    this.#phase = raw.phase;
  }

  /** Photos per second of training, the whole run. */
  get imagesPerSecond(): number {
    return this.#trainMilliseconds === 0 ? 0 : (this.#images / this.#trainMilliseconds) * 1000;
  }

  progress(raw: RawProgress, history: EpochResult[], now: number): TrainProgress {
    const elapsed = (now - this.#begun) / 1000;
    const share = (raw.epoch + raw.step / Math.max(1, raw.stepsPerEpoch)) / Math.max(1, this.#epochs);
    const recent = this.#recentMilliseconds();
    const images = this.#recent.reduce((sum, slice) => sum + slice.images, 0);
    return {
      ...raw,
      epochs: this.#epochs,
      imagesPerSecond: recent === 0 ? 0 : (images / recent) * 1000,
      secondsElapsed: elapsed,
      secondsLeft:
        raw.phase === 'done' ? 0 : share > 0 && elapsed > 1 ? (elapsed / share) * (1 - Math.min(1, share)) : Infinity,
      history,
    };
  }

  #recentMilliseconds(): number {
    return this.#recent.reduce((sum, slice) => sum + slice.milliseconds, 0);
  }
}
