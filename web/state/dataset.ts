import type { ClassPlan, DataSource, Finding, ImportProgress, ImportResult, Skipped } from '../shared/data-api.ts';
import type { Fit } from '../shared/engine-types.ts';

/** Where photos come from, and so how to get them again at another size. */
export type Origin = { kind: 'source'; source: DataSource } | { kind: 'example' };

/** The photos at hand, as the page knows them. The pixels are in the engine, the originals on disk. */
export interface Dataset {
  name: string;
  origin: Origin;
  classes: ClassPlan[];
  count: number;
  /** Index in the data set -> index in `classes`. */
  labels: number[];
  skipped: Skipped[];
  findings: Finding[];
  sizes: ImportResult['sizes'];
  decodedByBrowser: number;
  seconds: number;
  /** Side in pixels of the photos in the engine. */
  size: number;
  fit: Fit;
}

export interface ImportState extends ImportProgress {
  phase: 'reading' | 'decoding' | 'drawing';
  name: string;
  classes: ClassPlan[];
}

/** Names the data set's contents well enough to count how often its test part was looked at. */
export function fingerprintOf(dataset: Dataset): string {
  return [dataset.name, ...dataset.classes.map(({ name, count }) => `${name}:${count}`)].join('|');
}

/** The photos of one class, by index in the data set. */
export function indicesOfClass(labels: number[], label: number): number[] {
  const indices: number[] = [];
  labels.forEach((one, index) => {
    if (one === label) indices.push(index);
  });
  return indices;
}

/** `size` of the indices, a different handful for each `round`, all of them before any comes again. */
export function handful(indices: number[], size: number, round: number): number[] {
  const shuffled = shuffle(indices, 0x9e3779b9);
  if (shuffled.length <= size) return shuffled;
  const start = (round * size) % shuffled.length;
  return Array.from({ length: size }, (_, place) => shuffled[(start + place) % shuffled.length] ?? 0);
}

/** Fisher-Yates over a small linear congruential generator: the same photos in the same order on every visit. */
function shuffle(values: number[], seed: number): number[] {
  const result = values.slice();
  let state = (seed ^ values.length) >>> 0;
  for (let last = result.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (last + 1);
    [result[last], result[other]] = [result[other] ?? 0, result[last] ?? 0];
  }
  return result;
}

/** Share of the most frequent class: what always naming it would reach. */
export function chanceOf({ classes, count }: Dataset): number {
  return count > 0 ? Math.max(0, ...classes.map((one) => one.count)) / count : NaN;
}
