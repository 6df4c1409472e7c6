import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { MemoryPlan, Preset, TrainProgress, TrainResult, TrainSettings } from '../shared/engine-types.ts';
import type { DataStore } from './data-store.ts';
import type { Notices } from './notices.ts';
import { isCancelled, sentenceOf } from './sentences.ts';
import { defaultSettings, settingProblems, withPreset } from './settings.ts';
import type { StudioHolder } from './studio-holder.ts';
import { Task } from './task.ts';

export type TrainPhase = 'idle' | 'preparing' | 'training';

/** The settings, the run under way and the last result. */
export class TrainStore {
  private readonly settingsSignal = signal<TrainSettings>(defaultSettings);
  private readonly presetsSignal = signal<Preset[]>([]);
  private readonly planSignal = signal<MemoryPlan | null>(null);
  private readonly planProblemSignal = signal('');
  private readonly phaseSignal = signal<TrainPhase>('idle');
  private readonly progressSignal = signal<TrainProgress | null>(null);
  private readonly resultSignal = signal<TrainResult | null>(null);
  private readonly ranWithSignal = signal<TrainSettings | null>(null);
  private readonly problemSignal = signal('');
  private readonly task = new Task<TrainProgress>();
  private planned = 0;

  readonly problems = computed(() => settingProblems(this.settingsSignal.value));

  constructor(
    private readonly studios: StudioHolder,
    private readonly data: DataStore,
    private readonly notices: Notices,
    private readonly onTrained: () => Promise<void>,
  ) {}

  get settings(): ReadonlySignal<TrainSettings> {
    return this.settingsSignal;
  }
  get presets(): ReadonlySignal<Preset[]> {
    return this.presetsSignal;
  }
  get plan(): ReadonlySignal<MemoryPlan | null> {
    return this.planSignal;
  }
  get planProblem(): ReadonlySignal<string> {
    return this.planProblemSignal;
  }
  get phase(): ReadonlySignal<TrainPhase> {
    return this.phaseSignal;
  }
  /** Of the run under way, or the last state of the last one. */
  get progress(): ReadonlySignal<TrainProgress | null> {
    return this.progressSignal;
  }
  get stopping(): ReadonlySignal<boolean> {
    return this.task.cancelling;
  }
  get result(): ReadonlySignal<TrainResult | null> {
    return this.resultSignal;
  }
  /** The settings the last run was made with: they may have been changed since. */
  get ranWith(): ReadonlySignal<TrainSettings | null> {
    return this.ranWithSignal;
  }
  get problem(): ReadonlySignal<string> {
    return this.problemSignal;
  }

  /** Reads the presets once. Settings nobody has touched take the values of their preset. */
  async loadPresets(untouched: boolean): Promise<void> {
    if (this.presetsSignal.value.length > 0) return;
    const presets = await this.studios.current.presets();
    this.presetsSignal.value = presets;
    const settings = this.settingsSignal.value;
    const current = presets.find(({ name }) => name === settings.preset) ?? presets[0];
    if (!current) return;
    if (untouched || current.name !== settings.preset) this.settingsSignal.value = withPreset(settings, current);
  }

  change(part: Partial<TrainSettings>): void {
    this.settingsSignal.value = { ...this.settingsSignal.value, ...part };
  }

  choosePreset(name: string): void {
    const preset = this.presetsSignal.value.find((one) => one.name === name);
    if (preset) this.settingsSignal.value = withPreset(this.settingsSignal.value, preset);
  }

  /** Back to the defaults of the chosen preset; returns the way back. */
  reset(): () => void {
    const before = this.settingsSignal.value;
    const preset = this.presetsSignal.value.find(({ name }) => name === before.preset);
    this.settingsSignal.value = preset ? withPreset(defaultSettings, preset) : defaultSettings;
    return () => {
      this.settingsSignal.value = before;
    };
  }

  /** What training would need. Only the answer to the newest question counts. */
  async refreshPlan(): Promise<void> {
    this.planned += 1;
    const turn = this.planned;
    if (!this.data.dataset.value || this.phaseSignal.value !== 'idle' || Object.keys(this.problems.value).length > 0) {
      return;
    }
    try {
      const plan = await this.studios.current.plan(this.settingsSignal.value);
      if (turn !== this.planned) return;
      this.planSignal.value = plan;
      this.planProblemSignal.value = '';
    } catch (error) {
      if (turn !== this.planned) return;
      this.planSignal.value = null;
      this.planProblemSignal.value = isCancelled(error) ? '' : sentenceOf(error);
    }
  }

  async train(): Promise<void> {
    if (this.phaseSignal.value !== 'idle' || !this.data.dataset.value) return;
    const settings = this.settingsSignal.value;
    this.problemSignal.value = '';
    this.phaseSignal.value = 'preparing';
    try {
      await this.data.ensure({ size: settings.imageSize, fit: settings.fit });
      this.phaseSignal.value = 'training';
      this.progressSignal.value = null;
      this.resultSignal.value = null;
      this.ranWithSignal.value = settings;
      const result = await this.task.run(({ signal: abort }) =>
        this.studios.current.train(settings, { signal: abort, onProgress: (progress) => this.follow(progress) }),
      );
      this.resultSignal.value = result;
      this.planSignal.value = result.plan;
      this.notices.announce(
        result.bestEpoch < 0
          ? 'Training stopped before the first epoch was complete.'
          : `Training ${result.stopped || result.diverged ? 'stopped' : 'finished'}. Epoch ${result.bestEpoch + 1} is kept.`,
      );
      if (result.history.length > 0) await this.onTrained();
    } catch (error) {
      if (!isCancelled(error)) this.problemSignal.value = sentenceOf(error);
    } finally {
      this.phaseSignal.value = 'idle';
    }
  }

  /** Keeps the best epoch so far. While photos are still being read it ends that instead. */
  stop(): void {
    if (this.phaseSignal.value === 'preparing') this.data.cancel();
    else this.task.cancel();
  }

  /** Other photos: the curves of the old ones would mislead. */
  clear(): void {
    this.progressSignal.value = null;
    this.resultSignal.value = null;
    this.ranWithSignal.value = null;
    this.planSignal.value = null;
    this.problemSignal.value = '';
  }

  private follow(progress: TrainProgress): void {
    const before = this.progressSignal.value?.history.length ?? 0;
    this.progressSignal.value = progress;
    const last = progress.history.at(-1);
    if (progress.history.length > before && last) {
      const accuracy = Number.isNaN(last.validationAccuracy) ? last.trainAccuracy : last.validationAccuracy;
      this.notices.announce(
        `Epoch ${progress.history.length} of ${progress.epochs}: ${Math.round(accuracy * 100)} percent right.`,
      );
    }
  }
}
