import { BarChart } from '../../charts/bar-chart.tsx';
import { formatNumberOf } from '../../charts/format.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { splitPreview } from '../../state/settings.ts';
import type { Store } from '../../state/store.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ExploreIcon } from '../parts/icons.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { StepHeader } from '../parts/step-header.tsx';
import { ClassSamples } from './class-samples.tsx';
import { PhotoSizes } from './photo-sizes.tsx';

export function ExplorePanel({ store }: { store: Store }) {
  const { data, train } = store;
  const dataset = data.dataset.value;
  const settings = train.settings.value;
  if (!dataset) {
    return (
      <>
        <StepHeader step="explore">Look at your photos before a computer learns from them.</StepHeader>
        <EmptyState icon={<ExploreIcon size={40} />} title="No photos yet">
          <p class="quiet">Bring some photos first, or let Sortlab draw an example.</p>
          <div class="button-row">
            <NextStep to="data">Bring photos</NextStep>
          </div>
        </EmptyState>
      </>
    );
  }
  const parts = splitPreview(
    dataset.classes.map(({ count }) => count),
    settings,
  );
  return (
    <>
      <StepHeader step="explore">
        {formatNumberOf(dataset.count, 'photo')} of {formatNumberOf(dataset.classes.length, 'class', 'classes')}. Would
        you tell them apart yourself? What you cannot see, a model will not learn.
      </StepHeader>
      <div class="stack">
        <section class="card">
          <BarChart
            title="How many photos each class has"
            unit="photos"
            bars={dataset.classes.map(({ name, count }) => ({ name, value: count }))}
          />
        </section>
        <ClassSamples data={data} dataset={dataset} />
        <div class="columns">
          <section class="card" aria-labelledby="split-title">
            <h2 id="split-title">How they will be divided</h2>
            <ShareBar
              label="Photos for training, validation and test"
              parts={[
                { name: 'Train', value: parts.train, purpose: 'to learn from' },
                { name: 'Validation', value: parts.validation, purpose: 'to check after each round and keep the best' },
                { name: 'Test', value: parts.test, purpose: 'kept away until the end, for an honest answer' },
              ]}
            />
          </section>
          <PhotoSizes dataset={dataset} />
        </div>
        <div class="button-row button-row-end">
          <NextStep to="train">Train a model</NextStep>
        </div>
      </div>
    </>
  );
}
