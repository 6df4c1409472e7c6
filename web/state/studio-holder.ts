import { signal, type ReadonlySignal } from '@preact/signals';
import type { Studio, StudioRestart, StudioSilence } from '../engine/studio.ts';
import type { EngineChoice, EngineInfo } from '../shared/engine-types.ts';
import { sentenceOf } from './sentences.ts';

/**
 * The one Studio in use. Another engine means another Studio: the model moves over, the photos are read again when they
 * are next needed.
 */
export class StudioHolder {
  private studio: Studio;
  private readonly choiceSignal;
  private readonly infoSignal = signal<EngineInfo | null>(null);
  private readonly problemSignal = signal('');
  private readonly listeners: ((event: StudioRestart) => void)[] = [];
  private readonly silenceListeners: ((event: StudioSilence) => void)[] = [];

  constructor(
    private readonly create: (choice: EngineChoice) => Studio,
    choice: EngineChoice,
  ) {
    this.choiceSignal = signal(choice);
    this.studio = this.begin(choice);
  }

  /** Settles when the engine in use has started, or cannot. */
  get ready(): Promise<EngineInfo> {
    return this.studio.start();
  }
  get current(): Studio {
    return this.studio;
  }
  get choice(): ReadonlySignal<EngineChoice> {
    return this.choiceSignal;
  }
  /** Which engine runs, once it runs. */
  get info(): ReadonlySignal<EngineInfo | null> {
    return this.infoSignal;
  }
  /** One sentence, or ''. */
  get problem(): ReadonlySignal<string> {
    return this.problemSignal;
  }

  onRestart(listener: (event: StudioRestart) => void): void {
    this.listeners.push(listener);
  }

  onSilence(listener: (event: StudioSilence) => void): void {
    this.silenceListeners.push(listener);
  }

  async switchTo(choice: EngineChoice): Promise<void> {
    if (choice === this.choiceSignal.value) return;
    const old = this.studio;
    const model = await old.model();
    const bytes = model ? await old.saveModel() : null;
    old.close();
    this.choiceSignal.value = choice;
    this.infoSignal.value = null;
    this.studio = this.begin(choice);
    if (model && bytes) await this.studio.openModel(bytes, model.name);
  }

  private begin(choice: EngineChoice): Studio {
    const studio = this.create(choice);
    studio.onRestart((event) => this.listeners.forEach((listener) => listener(event)));
    studio.onSilence((event) => this.silenceListeners.forEach((listener) => listener(event)));
    studio.start().then(
      (info) => {
        if (this.studio === studio) this.infoSignal.value = info;
      },
      (error: unknown) => {
        if (this.studio === studio) this.problemSignal.value = sentenceOf(error);
      },
    );
    return studio;
  }
}
