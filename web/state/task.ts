import { signal, type ReadonlySignal } from '@preact/signals';

export interface TaskOptions<Progress> {
  signal: AbortSignal;
  onProgress: (value: Progress) => void;
}

/** One piece of long work at a time, with progress and cancel. Starting anew cancels what is under way. */
export class Task<Progress> {
  private readonly runningSignal = signal(false);
  private readonly cancellingSignal = signal(false);
  private readonly progressSignal = signal<Progress | null>(null);
  private controller: AbortController | undefined;

  get running(): ReadonlySignal<boolean> {
    return this.runningSignal;
  }
  /** Cancel was pressed; the answer is on its way. */
  get cancelling(): ReadonlySignal<boolean> {
    return this.cancellingSignal;
  }
  get progress(): ReadonlySignal<Progress | null> {
    return this.progressSignal;
  }

  async run<T>(work: (options: TaskOptions<Progress>) => Promise<T>): Promise<T> {
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    this.runningSignal.value = true;
    this.cancellingSignal.value = false;
    this.progressSignal.value = null;
    const onProgress = (value: Progress) => {
      if (this.controller === controller) this.progressSignal.value = value;
    };
    try {
      return await work({ signal: controller.signal, onProgress });
    } finally {
      if (this.controller === controller) {
        this.controller = undefined;
        this.runningSignal.value = false;
        this.cancellingSignal.value = false;
      }
    }
  }

  cancel(): void {
    if (!this.controller) return;
    this.cancellingSignal.value = true;
    this.controller.abort();
  }
}
