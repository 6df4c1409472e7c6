import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ModelInfo } from '../shared/engine-types.ts';
import { modelFileError } from '../shared/messages.ts';
import { showName } from '../shared/names.ts';
import { SortlabError } from '../shared/protocol.ts';
import type { Notices } from './notices.ts';
import { isCancelled, sentenceOf } from './sentences.ts';
import type { StudioHolder } from './studio-holder.ts';

export interface PresentModel extends ModelInfo {
  /** Trained here, or from this file. */
  from: { kind: 'training' } | { kind: 'file'; name: string };
}

/** The model at hand, whether trained here or opened from a file. */
export class ModelStore {
  private readonly modelSignal = signal<PresentModel | null>(null);
  private readonly problemSignal = signal('');
  private readonly busySignal = signal(false);
  private readonly savedSignal = signal<PresentModel | null>(null);

  /** Trained here, and in no file yet. */
  readonly unsaved = computed(() => {
    const model = this.modelSignal.value;
    return model?.from.kind === 'training' && model !== this.savedSignal.value;
  });

  constructor(
    private readonly studios: StudioHolder,
    private readonly notices: Notices,
    /** Another model: results about the old one go away. */
    private readonly onChange: () => void,
  ) {}

  get model(): ReadonlySignal<PresentModel | null> {
    return this.modelSignal;
  }
  get problem(): ReadonlySignal<string> {
    return this.problemSignal;
  }
  get busy(): ReadonlySignal<boolean> {
    return this.busySignal;
  }

  /** After training: asks the engine what it holds. */
  async refresh(): Promise<void> {
    const info = await this.studios.current.model();
    this.modelSignal.value = info ? { ...info, from: { kind: 'training' } } : null;
    this.onChange();
  }

  /** An unreadable file leaves the model at hand as it is. */
  async open(read: () => Promise<{ bytes: Uint8Array; name: string }>): Promise<boolean> {
    this.problemSignal.value = '';
    this.busySignal.value = true;
    try {
      const { bytes, name } = await read();
      const info = await this.studios.current.openModel(bytes, name).catch((error: unknown) => {
        throw error instanceof SortlabError ? modelFileError(error, name) : error;
      });
      const shown = showName(name);
      this.modelSignal.value = { ...info, from: { kind: 'file', name: shown } };
      this.onChange();
      this.notices.announce(`Model ${shown} is open; it knows ${info.classes.length} classes.`);
      return true;
    } catch (error) {
      if (!isCancelled(error)) this.problemSignal.value = sentenceOf(error);
      return false;
    } finally {
      this.busySignal.value = false;
    }
  }

  /** Hands the file's bytes to `write`; true when that is done. */
  async save(write: (bytes: Uint8Array, model: PresentModel) => Promise<void> | void): Promise<boolean> {
    const model = this.modelSignal.value;
    if (!model) return false;
    this.problemSignal.value = '';
    this.busySignal.value = true;
    try {
      await write(await this.studios.current.saveModel(), model);
      this.savedSignal.value = model;
      return true;
    } catch (error) {
      if (!isCancelled(error)) this.problemSignal.value = sentenceOf(error);
      return false;
    } finally {
      this.busySignal.value = false;
    }
  }
}
