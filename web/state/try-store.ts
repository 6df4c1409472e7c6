import { signal, type ReadonlySignal } from '@preact/signals';
import type { Prediction } from '../shared/engine-types.ts';
import { showName } from '../shared/names.ts';
import { isCancelled, sentenceOf } from './sentences.ts';
import type { StudioHolder } from './studio-holder.ts';
import { Task } from './task.ts';

/** One photo on trial: waiting, answered, or unreadable. */
export interface Trial {
  id: number;
  name: string;
  file: File;
  answer:
    { state: 'waiting' } | { state: 'answered'; prediction: Prediction } | { state: 'unreadable'; detail: string };
}

const KEPT = 60;
/** Few at a time, so that answers come one after another and Cancel is heard between them. */
const CHUNK = 4;

/** Photos and camera frames that are no part of the data set. */
export class TryStore {
  private readonly trialsSignal = signal<Trial[]>([]);
  private readonly problemSignal = signal('');
  private readonly task = new Task<{ done: number; total: number }>();
  private nextId = 1;

  constructor(private readonly studios: StudioHolder) {}

  get trials(): ReadonlySignal<Trial[]> {
    return this.trialsSignal;
  }
  get problem(): ReadonlySignal<string> {
    return this.problemSignal;
  }
  get running(): ReadonlySignal<boolean> {
    return this.task.running;
  }
  get progress(): ReadonlySignal<{ done: number; total: number } | null> {
    return this.task.progress;
  }

  cancel(): void {
    this.task.cancel();
  }

  /** Newest first. `leftOut`: one sentence about files that came along and are no photos, or ''. */
  async tryFiles(files: File[], leftOut = ''): Promise<void> {
    if (files.length === 0) return;
    const fresh = files.slice(0, KEPT).map((file): Trial => {
      const id = this.nextId++;
      return { id, name: showName(file.name), file, answer: { state: 'waiting' } };
    });
    const tooMany = files.length > KEPT ? `Only the first ${KEPT} of ${files.length} photos are tried at once.` : '';
    this.problemSignal.value = [leftOut, tooMany].filter((sentence) => sentence !== '').join(' ');
    this.trialsSignal.value = [...fresh, ...this.trialsSignal.value].slice(0, KEPT);
    await this.predict(fresh);
  }

  /** The model has changed: the same photos, asked again. */
  async again(): Promise<void> {
    if (this.trialsSignal.value.length > 0) await this.predict(this.trialsSignal.value);
  }

  /** Returns the way back. */
  clear(): () => void {
    const before = this.trialsSignal.value;
    this.trialsSignal.value = [];
    return () => {
      this.trialsSignal.value = before;
    };
  }

  /** One frame of the camera, (height, width, 4); its buffer is handed over. */
  async predictFrame(frame: { width: number; height: number; data: Uint8Array }): Promise<Prediction | undefined> {
    const [prediction] = await this.studios.current.predict([{ kind: 'pixels', channels: 4, ...frame }]);
    return prediction;
  }

  private async predict(trials: Trial[]): Promise<void> {
    try {
      await this.task.run(async ({ signal: abort, onProgress }) => {
        for (let start = 0; start < trials.length; start += CHUNK) {
          const chunk = trials.slice(start, start + CHUNK);
          const files = chunk.map(({ name, file }) => ({ name, file }));
          const answers = await this.studios.current.predictFiles(files, { signal: abort });
          const byId = new Map<number, Trial['answer']>();
          chunk.forEach(({ id }, place) => {
            const answer = answers[place];
            if (answer?.ok === true) byId.set(id, { state: 'answered', prediction: answer.prediction });
            else if (answer) byId.set(id, { state: 'unreadable', detail: answer.detail });
          });
          this.trialsSignal.value = this.trialsSignal.value.map((trial) => {
            const answer = byId.get(trial.id);
            return answer ? { ...trial, answer } : trial;
          });
          onProgress({ done: Math.min(start + CHUNK, trials.length), total: trials.length });
        }
      });
    } catch (error) {
      this.trialsSignal.value = this.trialsSignal.value.filter(({ answer }) => answer.state !== 'waiting');
      if (!isCancelled(error)) this.problemSignal.value = sentenceOf(error);
    }
  }
}
