import {
  formatBytes,
  formatDuration,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatTimeLeft,
} from '../../charts/format.ts';
import { ProgressBar } from '../../charts/progress-bar.tsx';
import type { EngineInfo, TrainProgress, TrainResult, TrainSettings } from '../../shared/engine-types.ts';
import { divergedSentence } from '../../shared/messages.ts';
import { chanceOf, type Dataset } from '../../state/dataset.ts';
import { splitPreview } from '../../state/settings.ts';
import type { Store } from '../../state/store.ts';
import { aboveChance } from '../../state/verdict.ts';
import { PlayIcon, StopIcon } from '../parts/icons.tsx';
import { NextStep } from '../parts/next-step.tsx';

/** Train or Stop, how far it is, how fast, and on what. All places are there from the start. */
export function RunCard({ store }: { store: Store }) {
  const { data, train, studios } = store;
  const phase = train.phase.value;
  const progress = train.progress.value;
  const settings = train.settings.value;
  const invalid = Object.keys(train.problems.value).length > 0;
  const reading = phase === 'preparing' ? data.progress.value : null;
  const chance = data.dataset.value ? chanceOf(data.dataset.value) : NaN;
  const outcome =
    phase === 'idle' && train.result.value ? <Outcome result={train.result.value} chance={chance} /> : undefined;
  return (
    <section class="card run-card" aria-label="Training run">
      <div class="run-head">
        {phase === 'idle' ? (
          <button
            type="button"
            class={`button button-large ${outcome ? '' : 'button-primary'}`}
            disabled={invalid || data.importing.value}
            onClick={() => void train.train()}
          >
            <PlayIcon /> {train.result.value ? 'Train again' : 'Train'}
          </button>
        ) : (
          <button
            type="button"
            class="button button-large"
            disabled={train.stopping.value}
            onClick={() => train.stop()}
          >
            <StopIcon /> {train.stopping.value ? 'Stopping…' : 'Stop'}
          </button>
        )}
        {outcome ?? (
          <p class="quiet run-words" data-testid="run-status">
            {phase === 'idle'
              ? whatIsToCome(store)
              : phase === 'preparing'
                ? `Reading the photos at ${settings.imageSize} pixels`
                : 'Stop whenever you like: the best epoch so far is kept.'}
          </p>
        )}
      </div>
      <ProgressBar
        label={phase === 'preparing' ? 'Reading photos' : 'Training'}
        done={
          phase === 'preparing'
            ? (reading?.done ?? 0)
            : phase === 'training'
              ? partOf(progress)
              : train.result.value
                ? 1
                : 0
        }
        total={phase === 'preparing' ? Math.max(1, reading?.total ?? 1) : 1}
      />
      <dl class="figures">
        <Figure
          name="Epoch"
          value={
            progress
              ? `${Math.min(progress.epoch + 1, progress.epochs)} of ${progress.epochs}`
              : `– of ${settings.epochs}`
          }
        />
        <Figure name="Photos per second" value={formatRate(progress?.imagesPerSecond ?? NaN)} />
        <Figure name={phase === 'idle' && train.result.value ? 'Time it took' : 'Time left'} value={timeOf(store)} />
        <Figure name="Engine" value={engineName(studios.info.value)} />
      </dl>
    </section>
  );
}

/** "Compact · 96 px · 20 epochs of 1,415 training photos · 76 MB of memory": known before anything begins. */
function whatIsToCome({ train, data }: Store): string {
  const settings = train.settings.value;
  const preset = train.presets.value.find(({ name }) => name === settings.preset)?.title ?? settings.preset;
  const photos = data.dataset.value ? trainingPhotos(data.dataset.value, settings) : '';
  const plan = train.plan.value;
  const memory = plan ? ` · ${formatBytes(plan.total)} of memory` : '';
  return `${preset} · ${settings.imageSize} px · ${formatNumberOf(settings.epochs, 'epoch')} of ${photos}${memory}`;
}

/** Copies of one photo stay in one part, which is known for sure only once the engine has divided them. */
export function trainingPhotos(dataset: Dataset, settings: TrainSettings): string {
  const { train } = splitPreview(
    dataset.classes.map(({ count }) => count),
    settings,
  );
  const about = dataset.findings.some(({ kind }) => kind === 'duplicate-photos') ? 'about ' : '';
  return about + formatNumberOf(train, 'training photo');
}

/** What came of the last run, in the place where the run told how it went. */
function Outcome({ result, chance }: { result: TrainResult; chance: number }) {
  const best = result.history[result.bestEpoch];
  if (!best) {
    return <p class="run-words">Stopped before the first epoch was complete, so there is nothing to keep yet.</p>;
  }
  const checked = result.validationCount > 0;
  const accuracy = checked ? best.validationAccuracy : best.trainAccuracy;
  const good = checked && aboveChance(accuracy, result.validationCount, chance) === 'yes';
  return (
    <>
      <div class="run-words" data-testid="train-result">
        <h2 class={`run-result ${good ? 'is-good' : ''}`}>
          <strong>{formatPercent(accuracy)} right</strong> on{' '}
          {checked ? formatNumberOf(result.validationCount, 'validation photo') : 'the training photos'}
        </h2>
        <p class="quiet">
          {result.stopped ? 'You stopped it. ' : ''}
          {result.diverged ? `${divergedSentence} ` : ''}Epoch {result.bestEpoch + 1} of {result.history.length} was the
          best and is kept as your model{checked ? ': best means the lowest loss on the validation photos' : ''}.
        </p>
      </div>
      <NextStep to="evaluate">See what it gets wrong</NextStep>
    </>
  );
}

function Figure(props: { name: string; value: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd class="tabular">{props.value}</dd>
    </div>
  );
}

function timeOf({ train }: Store): string {
  const result = train.result.value;
  if (train.phase.value === 'idle') return result ? formatDuration(result.seconds) : '–';
  const left = train.progress.value?.secondsLeft ?? NaN;
  return Number.isFinite(left) ? formatTimeLeft(left).replace(/ left$/, '') : '–';
}

export function engineName(info: EngineInfo | null): string {
  if (!info) return 'starting';
  return `${info.engine}, ${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}`;
}

/** Share of the whole run that is done, steps included. */
function partOf(progress: TrainProgress | null): number {
  if (!progress || progress.epochs === 0) return 0;
  const withinEpoch = progress.stepsPerEpoch > 0 ? Math.min(1, progress.step / progress.stepsPerEpoch) : 0;
  return Math.min(1, (progress.history.length + (progress.phase === 'training' ? withinEpoch : 0)) / progress.epochs);
}
