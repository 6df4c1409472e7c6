import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { EvaluationResult } from '../shared/engine-types.ts';
import type { Progressing } from '../engine/studio.ts';
import type { TestOpenings } from '../storage/test-openings.ts';
import type { DataStore } from './data-store.ts';
import { fingerprintOf } from './dataset.ts';
import type { ModelStore } from './model-store.ts';
import type { Notices } from './notices.ts';
import { isCancelled, sentenceOf } from './sentences.ts';
import type { StudioHolder } from './studio-holder.ts';
import { Task } from './task.ts';

export interface Evaluation extends EvaluationResult {
  part: 'test' | 'all';
  /** True class of each of `indices`. */
  truths: number[];
}

/** One photo of a confusion cell. */
export interface CellPhoto {
  index: number; // in the data set
  probs: Float32Array; // (classes)
}

export class EvaluateStore {
  private readonly evaluationSignal = signal<Evaluation | null>(null);
  private readonly problemSignal = signal('');
  private readonly openingsSignal = signal(0);
  private readonly cellSignal = signal<{ truth: number; predicted: number } | null>(null);
  private readonly task = new Task<Progressing>();

  constructor(
    private readonly studios: StudioHolder,
    private readonly data: DataStore,
    private readonly models: ModelStore,
    private readonly notices: Notices,
    private readonly openingsStore: TestOpenings,
  ) {}

  get evaluation(): ReadonlySignal<Evaluation | null> {
    return this.evaluationSignal;
  }
  get problem(): ReadonlySignal<string> {
    return this.problemSignal;
  }
  get running(): ReadonlySignal<boolean> {
    return this.task.running;
  }
  get cancelling(): ReadonlySignal<boolean> {
    return this.task.cancelling;
  }
  get progress(): ReadonlySignal<Progressing | null> {
    return this.task.progress;
  }
  /** How often the test photos of this data set have been looked at. */
  get openings(): ReadonlySignal<number> {
    return this.openingsSignal;
  }
  get cell(): ReadonlySignal<{ truth: number; predicted: number } | null> {
    return this.cellSignal;
  }
  /** Photos behind the selected cell, the surest first: those teach most. */
  readonly cellPhotos: ReadonlySignal<CellPhoto[]> = computed(() => {
    const evaluation = this.evaluationSignal.value;
    const cell = this.cellSignal.value;
    return evaluation && cell ? photosOfCell(evaluation, cell.truth, cell.predicted) : [];
  });

  select(cell: { truth: number; predicted: number } | null): void {
    this.cellSignal.value = cell;
  }
  cancel(): void {
    this.task.cancel();
  }
  clear(): void {
    this.evaluationSignal.value = null;
    this.cellSignal.value = null;
    this.problemSignal.value = '';
  }

  async refreshOpenings(): Promise<void> {
    const dataset = this.data.dataset.value;
    this.openingsSignal.value = dataset ? await this.openingsStore.count(fingerprintOf(dataset)) : 0;
  }

  /** "test": photos training never saw. "all": every photo at hand, for a model from a file. */
  async evaluate(part: 'test' | 'all'): Promise<void> {
    const model = this.models.model.value;
    if (!model || !this.data.dataset.value) return;
    this.problemSignal.value = '';
    try {
      await this.data.ensure({ size: model.imageSize, fit: model.fit });
      const result = await this.task.run((options) => this.studios.current.evaluate(part, options));
      const labels = this.data.dataset.value?.labels ?? [];
      this.cellSignal.value = null;
      this.evaluationSignal.value = {
        ...result,
        part,
        truths: truthsOf(result, labels, this.data.dataset.value?.classes.map(({ name }) => name) ?? []),
      };
      this.notices.announce(`${Math.round(result.accuracy * 100)} percent of ${result.count} photos right.`);
      const dataset = this.data.dataset.value;
      if (part === 'test' && dataset) {
        this.openingsSignal.value = await this.openingsStore.add(fingerprintOf(dataset));
      }
    } catch (error) {
      if (!isCancelled(error)) this.problemSignal.value = sentenceOf(error);
    }
  }
}

/** The data set numbers its classes in its own order; the result counts in the model's. Names join them. */
function truthsOf(result: EvaluationResult, labels: number[], names: string[]): number[] {
  const place = new Map(result.classes.map((name, index) => [name, index]));
  return result.indices.map((index) => place.get(names[labels[index] ?? -1] ?? '') ?? -1);
}

export function photosOfCell(evaluation: Evaluation, truth: number, predicted: number): CellPhoto[] {
  const width = evaluation.classes.length;
  const photos: CellPhoto[] = [];
  evaluation.indices.forEach((index, place) => {
    if (evaluation.truths[place] !== truth) return;
    const probs = evaluation.probs.subarray(place * width, (place + 1) * width);
    if (labelOf(probs) === predicted) photos.push({ index, probs });
  });
  return photos.sort((a, b) => (b.probs[predicted] ?? 0) - (a.probs[predicted] ?? 0));
}

/** Index of the largest probability, the first of equals, as the engine counts them. */
function labelOf(probs: Float32Array): number {
  let best = 0;
  probs.forEach((value, index) => {
    if (value > (probs[best] ?? -Infinity)) best = index;
  });
  return best;
}

/** The mistake made most often; null where there is none. */
export function worstConfusion({
  confusion,
}: EvaluationResult): { truth: number; predicted: number; count: number } | null {
  let worst: { truth: number; predicted: number; count: number } | null = null;
  confusion.forEach((row, truth) =>
    row.forEach((count, predicted) => {
      if (truth !== predicted && count > (worst?.count ?? 0)) worst = { truth, predicted, count };
    }),
  );
  return worst;
}
