import { chanceOf } from '../../state/dataset.ts';
import { splitPreview } from '../../state/settings.ts';
import type { Store } from '../../state/store.ts';
import { verdictOf } from '../../state/verdict.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { TrainIcon } from '../parts/icons.tsx';
import { Message } from '../parts/message.tsx';
import { ModelCard } from '../parts/model-card.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { StepHeader } from '../parts/step-header.tsx';
import { RunCard } from './run-card.tsx';
import { SettingsForm } from './settings-form.tsx';
import { TrainCharts } from './train-charts.tsx';

export function TrainPanel({ store }: { store: Store }) {
  const { data, train, model } = store;
  const dataset = data.dataset.value;
  const present = train.phase.value === 'idle' && train.result.value ? model.model.value : null;
  const trained = present?.from.kind === 'training' ? present : null;
  const problem = train.problem.value || train.planProblem.value;
  if (!dataset) {
    return (
      <>
        <StepHeader step="train">
          The computer looks at photos again and again, and gets a little less wrong each time.
        </StepHeader>
        <div class="stack">
          <EmptyState icon={<TrainIcon size={40} />} title="Nothing to learn from yet">
            <p class="quiet">Bring some photos first, or let Sortlab draw an example.</p>
            <div class="button-row">
              <NextStep to="data">Bring photos</NextStep>
            </div>
          </EmptyState>
          <SettingsForm store={store} />
        </div>
      </>
    );
  }
  return (
    <>
      <StepHeader step="train">
        Press Train: the computer looks at the photos again and again, and gets a little less wrong each time.
      </StepHeader>
      <div class="stack">
        <RunCard store={store} />
        {problem !== '' && <Message tone="problem">{problem}</Message>}
        <TrainCharts train={train} />
        <VerdictLine store={store} />
        {trained && (
          <>
            {model.problem.value !== '' && <Message tone="problem">{model.problem.value}</Message>}
            <ModelCard store={store} model={trained} />
          </>
        )}
        <SettingsForm store={store} />
      </div>
    </>
  );
}

/** A sentence on how it is going. Its place is taken from the start. */
function VerdictLine({ store }: { store: Store }) {
  const { train, data } = store;
  const history = train.result.value?.history ?? train.progress.value?.history ?? [];
  const dataset = data.dataset.value;
  const settings = train.ranWith.value ?? train.settings.value;
  const counts = dataset?.classes.map(({ count }) => count) ?? [];
  const verdict = verdictOf({
    history,
    bestEpoch: train.result.value?.bestEpoch ?? train.progress.value?.bestEpoch ?? -1,
    chance: dataset ? chanceOf(dataset) : NaN,
    validationCount: train.result.value?.validationCount ?? splitPreview(counts, settings).validation,
    running: train.phase.value === 'training',
  });
  return (
    <Message tone={verdict?.tone ?? 'note'}>
      {verdict?.text ?? 'After three epochs you can read here how it is going.'}
    </Message>
  );
}
