// Short questions to an engine: the model that must be there, predictions, and what a default run would take.
import type { Picture } from '../shared/engine-api.ts';
import type { Prediction, Preset, TrainSettings } from '../shared/engine-types.ts';
import { engineErrors } from '../shared/messages.ts';
import { unwrap } from './fallible.ts';
import type { Engine } from './module-types.ts';

export function needModel(engine: Engine): Engine {
  if (engine.modelInfo() === null) throw engineErrors.noModel();
  return engine;
}

const bytesAtOnce = 2 ** 21; // more might not fit beside a run

export function predict(engine: Engine, pictures: Picture[]): Prediction[] {
  const squareBytes = (needModel(engine).modelInfo()?.imageSize ?? 0) ** 2 * 3;
  const picturesAtOnce = Math.max(1, Math.floor(bytesAtOnce / squareBytes));
  const rows: Prediction[] = [];
  for (let begin = 0; begin < pictures.length; begin += picturesAtOnce) {
    rows.push(...predictBatch(engine, pictures.slice(begin, begin + picturesAtOnce)));
  }
  return rows;
}

function predictBatch(engine: Engine, pictures: Picture[]): Prediction[] {
  const model = needModel(engine).modelInfo();
  if (model === null) return [];
  const squareBytes = model.imageSize ** 2 * 3;
  const squares = new Uint8Array(pictures.length * squareBytes);
  pictures.forEach((picture, index) => {
    const square =
      picture.kind === 'square'
        ? picture.data
        : unwrap(engine.toSquare(picture.data, picture.width, picture.height, picture.channels));
    if (square.length !== squareBytes) throw engineErrors.badPicture();
    squares.set(square, index * squareBytes);
  });
  const probs = unwrap(engine.predict(squares, pictures.length));
  const classes = model.classes.length;
  return pictures.map((_, index) => {
    const row = probs.slice(index * classes, (index + 1) * classes);
    return { probs: row, label: row.reduce((best, value, label) => (value > (row[best] ?? -1) ? label : best), 0) };
  });
}

/** Bytes of a run with the preset made for this picture size (else the first that takes pictures of it), data set included. */
export function defaultPlan(engine: Engine, size: number, photos: number, classes: number): number {
  const presets = [...engine.presets()].sort(
    (a, b) => Number(b.imageSize === size) - Number(a.imageSize === size), // a stable sort: else as listed
  );
  for (const preset of presets) {
    const plan = engine.plan(defaultSettings(preset, size), Math.max(photos, classes * 2), Math.max(classes, 2));
    if (!(plan instanceof Error)) return plan.total;
  }
  return photos * size * size * 3; // training will say what is wrong with the size
}

function defaultSettings(preset: Preset, imageSize: number): TrainSettings {
  const { name, epochs, batchSize, learningRate } = preset;
  const split = { trainPercent: 70, validationPercent: 15, testPercent: 15 };
  return { preset: name, imageSize, fit: 'squeeze', epochs, batchSize, learningRate, ...split, augment: true, seed: 1 };
}
