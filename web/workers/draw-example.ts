// The pictures of "Try an example", drawn here and given to the engine as photos are.
import type { CallContext } from '../shared/protocol.ts';
import { unwrap } from './fallible.ts';
import type { ExampleModule } from './module-types.ts';
import { CancelRace } from './ordered-work.ts';
import { PhotoBatch, type PhotoSink } from './photo-batch.ts';

export interface ExampleRequest {
  size: number;
  perClass: number;
  seed: number;
}

/** One class after the other. Errors: cancelled; what the sink refuses. */
export async function drawExample(
  { size, perClass, seed }: ExampleRequest,
  module: ExampleModule,
  sink: PhotoSink,
  context: CallContext<{ done: number; total: number }>,
): Promise<{ classes: string[]; count: number; labels: number[] }> {
  const classes = module.classes();
  const labels = classes.flatMap((_, label) => Array.from({ length: perClass }, () => label));
  const race = new CancelRace(context);
  await race.with(sink.beginDataset({ size, classes, expected: labels.length }));
  const batch = new PhotoBatch(size, sink);
  const pixels = new Uint8Array(size * size * 3);
  for (const [index, label] of labels.entries()) {
    const hash = unwrap(module.draw(seed, label, index % perClass, size, pixels));
    await race.with(batch.add({ pixels, hash }, label));
    if ((index + 1) % perClass === 0) context.progress({ done: index + 1, total: labels.length });
  }
  await race.with(batch.flush());
  return { classes, count: labels.length, labels };
}
