import { batch, computed, effect, signal } from '@preact/signals';
import type { Studio } from '../engine/studio.ts';
import type { EngineChoice } from '../shared/engine-types.ts';
import { SmallStore, type KeyValues } from '../storage/small-store.ts';
import { TestOpenings } from '../storage/test-openings.ts';
import { Collection } from './collection.ts';
import { DataStore } from './data-store.ts';
import { EvaluateStore } from './evaluate-store.ts';
import type { LaunchOptions } from './launch-options.ts';
import { ModelStore } from './model-store.ts';
import { Notices } from './notices.ts';
import { sentenceOf } from './sentences.ts';
import { settingsFrom } from './settings.ts';
import { stepFromHash, type StepId } from './steps.ts';
import { StudioHolder } from './studio-holder.ts';
import { TrainStore } from './train-store.ts';
import { TryStore } from './try-store.ts';

export interface StoreOptions {
  createStudio: (choice: EngineChoice) => Studio;
  launch: LaunchOptions;
  /** Where small things are remembered; default: the browser's database. */
  keyValues?: KeyValues;
}

/** Everything the page knows, as signals, and everything it can do. It talks to Studio only, and needs no document. */
export class Store {
  readonly step = signal<StepId>('data');
  readonly notices = new Notices();
  readonly collection = new Collection();
  readonly studios: StudioHolder;
  readonly data: DataStore;
  readonly train: TrainStore;
  readonly model: ModelStore;
  readonly evaluate: EvaluateStore;
  readonly trial: TryStore;
  private readonly small: KeyValues;

  /** Something is under way. */
  readonly working = computed(() => this.data.importing.value || this.train.phase.value !== 'idle');

  /** The photos at hand were sorted into classes here, and nowhere else. */
  readonly sortedHere = computed(() => {
    const origin = this.data.dataset.value?.origin;
    return origin?.kind === 'source' && this.collection.isOwn(origin.source);
  });

  /** Leaving now would lose work: under way, photos sorted by hand, or a trained model that is in no file. */
  readonly atRisk = computed(
    () => this.working.value || this.collection.begun.value || this.sortedHere.value || this.model.unsaved.value,
  );

  constructor(options: StoreOptions) {
    this.small = options.keyValues ?? new SmallStore();
    this.studios = new StudioHolder(options.createStudio, options.launch.engine ?? 'auto');
    const square = () => ({ size: this.train.settings.value.imageSize, fit: this.train.settings.value.fit });
    this.data = new DataStore(
      this.studios,
      this.notices,
      square,
      () => this.forgetResults(),
      () => (this.train.phase.value === 'idle' ? '' : 'Training is under way; stop it first, then bring other photos.'),
    );
    this.model = new ModelStore(this.studios, this.notices, () => {
      this.evaluate.clear();
      void this.trial.again();
    });
    this.train = new TrainStore(this.studios, this.data, this.notices, () => this.model.refresh());
    this.evaluate = new EvaluateStore(this.studios, this.data, this.model, this.notices, new TestOpenings(this.small));
    this.trial = new TryStore(this.studios);
    this.studios.onRestart((event) => {
      if (event.datasetLost) this.data.forget();
      this.notices.dismissAbout('silence');
      this.notices.show(event.message, { tone: 'problem' });
    });
    this.studios.onSilence(({ silent, message, restart }) => {
      if (!silent) return this.notices.dismissAbout('silence');
      const action = { name: 'Start again', run: restart };
      this.notices.show(message, { tone: 'problem', about: 'silence', action });
    });
  }

  /** Restores settings, names the presets, and begins to remember changes. */
  async start(): Promise<void> {
    const stored = await this.small.get('settings');
    if (stored !== undefined) this.train.change(settingsFrom(stored, this.train.settings.value));
    try {
      await this.train.loadPresets(stored === undefined);
    } catch (error) {
      // Where the engine does not start at all, that is said already.
      if (this.studios.problem.value === '') this.notices.show(sentenceOf(error), { tone: 'problem' });
    }
    effect(() => void this.small.set('settings', this.train.settings.value));
    effect(() => {
      // What is needed depends on these three; the rest of what refreshPlan reads must not call it again.
      void [this.train.settings.value, this.data.dataset.value, this.train.phase.value];
      queueMicrotask(() => void this.train.refreshPlan());
    });
  }

  go(step: StepId): void {
    this.step.value = step;
  }

  followHash(hash: string): void {
    this.step.value = stepFromHash(hash);
  }

  async chooseEngine(choice: EngineChoice): Promise<void> {
    if (this.working.value) return;
    try {
      await this.studios.switchTo(choice);
    } catch (error) {
      this.notices.show(sentenceOf(error), { tone: 'problem' });
    }
  }

  private forgetResults(): void {
    batch(() => {
      this.train.clear();
      this.evaluate.clear();
    });
    void this.evaluate.refreshOpenings();
  }
}
