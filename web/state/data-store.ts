import { signal, type ReadonlySignal } from '@preact/signals';
import type { DataSource, Skipped } from '../shared/data-api.ts';
import type { Fit } from '../shared/engine-types.ts';
import { showName } from '../shared/names.ts';
import { SortlabError } from '../shared/protocol.ts';
import type { Studio } from '../engine/studio.ts';
import type { Dataset, ImportState, Origin } from './dataset.ts';
import { Task, type TaskOptions } from './task.ts';
import type { Notices } from './notices.ts';
import { isCancelled, sentenceOf } from './sentences.ts';
import type { StudioHolder } from './studio-holder.ts';

export interface Square {
  size: number;
  fit: Fit;
}

/** What a failed import left out: name of the source, and why of each file. */
export interface FailedImport {
  name: string;
  skipped: readonly Skipped[];
}

const EXAMPLE_PER_CLASS = 60;
const EXAMPLE_SEED = 1;
const PIXELS_KEPT = 200;
export const exampleName = 'Drawn example';

/** The photos at hand: opening, reading, and keeping them when something new cannot be read. */
export class DataStore {
  private readonly datasetSignal = signal<Dataset | null>(null);
  private readonly problemSignal = signal('');
  private readonly failedSignal = signal<FailedImport | null>(null);
  private readonly task = new Task<ImportState>();
  /** What the engine of which Studio holds now; a lost worker or another engine holds nothing. */
  private held: { studio: Studio; origin: Origin; square: Square } | null = null;
  private readonly pixelsKept = new Map<number, Uint8Array>();

  constructor(
    private readonly studios: StudioHolder,
    private readonly notices: Notices,
    private readonly square: () => Square,
    /** Told of every change of the photos, so that results about others go away. */
    private readonly onChange: () => void,
    /** One sentence why no other photos can be taken now, or ''. */
    private readonly blocked: () => string,
  ) {}

  get dataset(): ReadonlySignal<Dataset | null> {
    return this.datasetSignal;
  }
  /** Why the last attempt failed, one sentence, or ''. */
  get problem(): ReadonlySignal<string> {
    return this.problemSignal;
  }
  /** The files the last attempt left out, where that is why it failed. */
  get failed(): ReadonlySignal<FailedImport | null> {
    return this.failedSignal;
  }
  get importing(): ReadonlySignal<boolean> {
    return this.task.running;
  }
  get cancelling(): ReadonlySignal<boolean> {
    return this.task.cancelling;
  }
  get progress(): ReadonlySignal<ImportState | null> {
    return this.task.progress;
  }

  openSource(source: DataSource): Promise<boolean> {
    return this.replace({ kind: 'source', source }, source.name);
  }
  openExample(): Promise<boolean> {
    return this.replace({ kind: 'example' }, exampleName);
  }
  /** One sentence about files that cannot be taken, or ''. */
  refuse(message: string): void {
    this.failedSignal.value = null;
    this.problemSignal.value = message;
  }
  cancel(): void {
    this.task.cancel();
  }
  /** The engine lost the photos; they are read again when next needed. */
  forget(): void {
    this.held = null;
  }

  /** (side, side, 3) of one photo as the model sees it; the last few are kept. */
  async pixels(index: number): Promise<Uint8Array> {
    const kept = this.pixelsKept.get(index);
    if (kept) return kept;
    const dataset = this.datasetSignal.value;
    const pixels = await this.studios.current.photoPixels(index);
    if (dataset === this.datasetSignal.value) {
      this.pixelsKept.set(index, pixels);
      const [oldest] = this.pixelsKept.keys();
      if (this.pixelsKept.size > PIXELS_KEPT && oldest !== undefined) this.pixelsKept.delete(oldest);
    }
    return pixels;
  }

  /** Makes sure that the engine holds the photos at this size. Throws what Studio throws. */
  async ensure(square: Square): Promise<void> {
    const dataset = this.datasetSignal.value;
    if (!dataset) return;
    const { held } = this;
    const same = held?.studio === this.studios.current && held.origin === dataset.origin;
    if (same && held.square.size === square.size && held.square.fit === square.fit) return;
    try {
      const fresh = await this.task.run((options) => this.load(dataset.origin, dataset.name, square, options));
      this.datasetSignal.value = fresh;
    } catch (error) {
      // What the engine holds now is unknown: the next need reads the photos again.
      this.held = null;
      throw error;
    }
  }

  private async replace(origin: Origin, name: string): Promise<boolean> {
    const previous = this.datasetSignal.value;
    this.failedSignal.value = null;
    this.problemSignal.value = this.blocked();
    if (this.problemSignal.value !== '') return false;
    try {
      const fresh = await this.task.run((options) => this.load(origin, name, this.square(), options));
      this.datasetSignal.value = fresh;
      this.onChange();
      const undo = () => void this.replace(previous?.origin ?? origin, previous?.name ?? name);
      const text = `${fresh.name}: ${fresh.count} photos in ${fresh.classes.length} classes.`;
      if (previous) this.notices.show(`${text} It took the place of ${previous.name}.`, { undo, about: 'data' });
      this.notices.announce(text);
      return true;
    } catch (error) {
      await this.keep(previous, showName(name), error);
      return false;
    }
  }

  /** Nothing is lost by a failed drop: says what was wrong, and has the engine hold the earlier photos again. */
  private async keep(previous: Dataset | null, name: string, error: unknown): Promise<void> {
    const cancelled = isCancelled(error);
    const kept = previous ? ` ${previous.name} is still here.` : '';
    if (!cancelled) this.problemSignal.value = sentenceOf(error) + kept;
    if (error instanceof SortlabError && error.skipped.length > 0) {
      this.failedSignal.value = { name, skipped: error.skipped };
    }
    this.notices.announce(cancelled ? `Cancelled.${kept}` : this.problemSignal.value);
    if (!previous || this.task.running.value) return;
    await this.ensure({ size: previous.size, fit: previous.fit }).catch((again: unknown) => {
      if (!isCancelled(again)) this.problemSignal.value = sentenceOf(again);
    });
  }

  private async load(
    origin: Origin,
    name: string,
    square: Square,
    options: TaskOptions<ImportState>,
  ): Promise<Dataset> {
    const studio = this.studios.current;
    const fresh =
      origin.kind === 'example'
        ? await this.draw(studio, origin, square, options)
        : await this.read(studio, origin, name, square, options);
    this.held = { studio, origin, square };
    this.pixelsKept.clear();
    return fresh;
  }

  private async read(
    studio: Studio,
    origin: Origin & { kind: 'source' },
    name: string,
    square: Square,
    { signal: abort, onProgress }: TaskOptions<ImportState>,
  ): Promise<Dataset> {
    const idle = { perClass: [], skipped: 0, secondsLeft: Infinity, name };
    const plan = await studio.openData(origin.source, {
      signal: abort,
      onProgress: ({ done, total }) => onProgress({ ...idle, phase: 'reading', done, total, classes: [] }),
    });
    const { classes } = plan;
    onProgress({ ...idle, phase: 'decoding', done: 0, total: plan.photoCount, classes });
    this.held = null;
    const result = await studio.importPhotos(square, {
      signal: abort,
      onProgress: (progress) => onProgress({ ...progress, phase: 'decoding', name, classes }),
    });
    const count = result.labels.length;
    return { ...result, name: showName(plan.name || name), origin, count, ...square };
  }

  private async draw(
    studio: Studio,
    origin: Origin & { kind: 'example' },
    square: Square,
    { signal: abort, onProgress }: TaskOptions<ImportState>,
  ): Promise<Dataset> {
    this.held = null;
    const started = Date.now();
    const idle = { perClass: [], skipped: 0, classes: [], name: exampleName, phase: 'drawing' as const };
    const drawn = await studio.drawExample(
      { size: square.size, perClass: EXAMPLE_PER_CLASS, seed: EXAMPLE_SEED },
      {
        signal: abort,
        onProgress: ({ done, total }) => {
          const seconds = (Date.now() - started) / 1000;
          const secondsLeft = done > 0 ? (seconds * (total - done)) / done : Infinity;
          onProgress({ ...idle, done, total, secondsLeft });
        },
      },
    );
    const counts = drawn.classes.map((name, label) => ({
      name,
      count: drawn.labels.filter((one) => one === label).length,
    }));
    return {
      name: exampleName,
      origin,
      classes: counts,
      count: drawn.count,
      labels: drawn.labels,
      skipped: [],
      findings: [],
      sizes: [{ width: square.size, height: square.size, count: drawn.count }],
      decodedByBrowser: 0,
      seconds: (Date.now() - started) / 1000,
      ...square,
    };
  }
}
