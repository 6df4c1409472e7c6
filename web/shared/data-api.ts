// Calls the data worker answers. It reads the zip or the dropped files, owns the decode workers, and sends the decoded
// photos, or the drawn ones of the example, to the engine worker. The originals stay on disk: the zip or the files are the only store.
import type { Call } from './protocol.ts';
import type { Fit } from './engine-types.ts';

export type DataSource =
  | { kind: 'zip'; name: string; file: unknown /* Blob */ }
  | { kind: 'files'; name: string; files: { path: string; file: unknown /* Blob */ }[] };

/** Why a file is not among the photos. Each has one sentence in messages.ts. */
export type SkipReason =
  | 'junk' // __MACOSX, ._*, .DS_Store, Thumbs.db, hidden folders, checkpoints
  | 'not-a-photo' // an ending that is no picture
  | 'no-class' // lies in no class folder
  | 'bad-name' // a path that climbs out or cannot be shown
  | 'encrypted'
  | 'bad-entry' // the zip's own checks fail
  | 'over-limit' // entry count, size or compression ratio over the limit
  | 'truncated'
  | 'damaged'
  | 'unsupported' // HEIC and others that neither we nor the browser can read
  | 'too-large'
  | 'too-slow' // a decoder was stuck on it
  | 'empty';

export interface Skipped {
  path: string; // as in the archive; control and bidi characters escaped
  reason: SkipReason;
  detail: string; // one sentence that names the file and what to do
}

export interface ClassPlan {
  name: string;
  count: number;
}

/** Something worth knowing that is not a skipped file: two folders joined by case folding, equal files, tiny classes. */
export interface Finding {
  kind: 'merged-classes' | 'duplicate-photos' | 'small-class' | 'uneven-classes' | 'nested-root' | 'split-folders';
  message: string;
}

export interface DataPlan {
  name: string;
  classes: ClassPlan[];
  photoCount: number;
  totalBytes: number;
  skipped: Skipped[];
  findings: Finding[];
}

export interface ImportProgress {
  done: number;
  total: number;
  perClass: number[]; // decoded so far
  skipped: number;
  secondsLeft: number;
}

export interface ImportResult {
  classes: ClassPlan[]; // what is in the data set now
  photoIds: number[]; // index in the data set -> id of the photo in the plan
  labels: number[]; // index in the data set -> index in `classes`
  skipped: Skipped[]; // all, the plan's included
  findings: Finding[];
  decodedByBrowser: number; // photos our decoder does not read
  sizes: { width: number; height: number; count: number }[]; // most frequent first, at most 8
  seconds: number;
}

export type DataApi = {
  /** `wasmUrl`: folder of the built modules; workers: decode workers, one per core. */
  start: Call<{ wasmUrl: string; workers: number }, void>;
  /** The port to the engine worker. */
  attachEngine: Call<{ port: unknown }, void>;
  /**
   * Reads names only; nothing is decoded. `atLeast`: classes needed, 2 where it is left out; 1 is enough to test a model.
   * Errors: not a zip, empty, too few classes, no photos.
   */
  open: Call<{ source: DataSource; atLeast?: number }, DataPlan, { done: number; total: number }>;
  /**
   * Decodes every photo of the opened source in the plan's order and adds it to the engine's data set.
   * `classes`: those of a model, in its order, to test it; photos of other classes are an error.
   */
  import: Call<{ size: number; fit: Fit; classes?: readonly string[] }, ImportResult, ImportProgress>;
  /** Fills the engine's data set with drawn pictures, the same number of each class. */
  drawExample: Call<
    { size: number; perClass: number; seed: number },
    { classes: string[]; count: number; labels: number[] }, // labels: index in the data set -> index in `classes`
    { done: number; total: number }
  >;
  /** Photos outside the data set (Try): (size, size, 3) each, or why not. */
  decode: Call<
    { files: { name: string; file: unknown /* Blob */ }[]; size: number; fit: Fit },
    (
      | { ok: true; name: string; pixels: Uint8Array; hash: string }
      | { ok: false; name: string; reason: SkipReason; detail: string }
    )[]
  >;
};
