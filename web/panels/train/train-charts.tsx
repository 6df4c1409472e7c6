import { formatLoss, formatPercent } from '../../charts/format.ts';
import { LineChart, type Series } from '../../charts/line-chart.tsx';
import type { EpochResult, TrainProgress } from '../../shared/engine-types.ts';
import type { TrainStore } from '../../state/train-store.ts';

/** Loss and accuracy over the epochs, as they come. */
export function TrainCharts({ train }: { train: TrainStore }) {
  const result = train.result.value;
  const progress = train.progress.value;
  const history = result?.history ?? progress?.history ?? [];
  const running = train.phase.value === 'training' && progress?.phase === 'training' ? progress : null;
  const best = result?.bestEpoch ?? progress?.bestEpoch ?? -1;
  const asked = train.phase.value === 'idle' && !result ? train.settings.value.epochs : train.ranWith.value?.epochs;
  // An emptied field gives NaN.
  const epochs = asked !== undefined && Number.isFinite(asked) && asked > 0 ? asked : 1;
  const mark = best >= 0 ? { mark: { x: best + 1, label: 'best epoch' } } : {};
  const common = { xLabel: 'epoch', xMax: epochs, ...mark };
  return (
    <div class="columns">
      <section class="card">
        <LineChart
          {...common}
          title="How often it is right"
          yLabel="accuracy"
          yDomain={[0, 1]}
          format={formatPercent}
          series={seriesOf(history, running, 'trainAccuracy', 'validationAccuracy')}
        />
        <p class="quiet explain">
          <strong>Accuracy</strong>: share of photos called by their right name. <strong>Validation</strong> photos are
          not learned from; they show how it does on new ones. The best epoch is the one whose validation loss is
          lowest, which need not be the one most often right.
        </p>
      </section>
      <section class="card">
        <LineChart
          {...common}
          title="How wrong it is"
          yLabel="loss"
          format={formatLoss}
          series={seriesOf(history, running, 'trainLoss', 'validationLoss')}
        />
        <p class="quiet explain">
          <strong>Loss</strong>: how surprised the model is by the right answer. Lower is better; 0 is never surprised.
          When validation rises while training falls, it is learning by heart.
        </p>
      </section>
    </div>
  );
}

function seriesOf(
  history: EpochResult[],
  running: TrainProgress | null,
  trained: 'trainAccuracy' | 'trainLoss',
  checked: 'validationAccuracy' | 'validationLoss',
): Series[] {
  const part = running && running.stepsPerEpoch > 0 ? running.step / running.stepsPerEpoch : 0;
  // Before the first step of an epoch its running means are 0, which says nothing.
  const point =
    running && part > 0 && history.length > 0 ? { running: { x: history.length + part, y: running[trained] } } : {};
  return [
    { name: 'validation', look: 'first', values: history.map((one) => one[checked]) },
    { name: 'training', look: 'second', values: history.map((one) => one[trained]), ...point },
  ];
}
