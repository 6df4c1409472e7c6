// The loop of a training run: slices of work with a pause between them, in which cancel and questions are answered.
import type { EpochResult, RawProgress, TrainProgress } from '../shared/engine-types.ts';
import type { CallContext } from '../shared/protocol.ts';
import type { EngineEnvironment } from './engine-environment.ts';
import { TrainMeter } from './train-meter.ts';

export const sliceMilliseconds = 80;
const progressMilliseconds = 200;

/** An engine's run, its errors thrown. */
export interface TrainSteps {
  trainFor(milliseconds: number): RawProgress;
  history(): EpochResult[];
}

export interface TrainedRun {
  raw: RawProgress; // phase "done", unless it was cancelled
  history: EpochResult[];
  imagesPerSecond: number;
  seconds: number;
}

/** Reports at most five times a second, and once as each epoch ends. */
export async function trainInSlices(
  steps: TrainSteps,
  epochs: number,
  { now, pause }: Pick<EngineEnvironment, 'now' | 'pause'>,
  context: Pick<CallContext<TrainProgress>, 'progress' | 'cancelled'>,
): Promise<TrainedRun> {
  const begun = now();
  const meter = new TrainMeter(epochs, begun);
  let reported = { at: -Infinity, epoch: 0 };
  for (;;) {
    const sliceBegun = now();
    const raw = steps.trainFor(sliceMilliseconds);
    const at = now();
    meter.add(raw, at - sliceBegun);
    const isDone = raw.phase === 'done';
    if (at - reported.at >= progressMilliseconds || raw.epoch !== reported.epoch || isDone) {
      reported = { at, epoch: raw.epoch };
      context.progress(meter.progress(raw, steps.history(), at));
    }
    await pause();
    if (isDone || context.cancelled) {
      const { imagesPerSecond } = meter;
      return { raw, history: steps.history(), imagesPerSecond, seconds: (now() - begun) / 1000 };
    }
  }
}
