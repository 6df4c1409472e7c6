import type { Store } from '../../state/store.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { EvaluateIcon } from '../parts/icons.tsx';
import { Message } from '../parts/message.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { OpenModelButton } from '../parts/open-model.tsx';
import { ProgressCard } from '../parts/progress-card.tsx';
import { StepHeader } from '../parts/step-header.tsx';
import { AccuracyCard } from './accuracy-card.tsx';
import { ConfusionCard } from './confusion-card.tsx';
import { OpenTest } from './open-test.tsx';
import { ScoreTable } from './score-table.tsx';

export function EvaluatePanel({ store }: { store: Store }) {
  const { evaluate, model, data } = store;
  const evaluation = evaluate.evaluation.value;
  const ready = model.model.value !== null && data.dataset.value !== null;
  const busy = evaluate.running.value || data.importing.value;
  return (
    <>
      <StepHeader step="evaluate">
        One question decides whether a model is any good: how does it do on photos it has never seen?
      </StepHeader>
      <div class="stack">
        {!ready && <NotReady store={store} />}
        {ready && busy && <Busy store={store} />}
        {ready && !busy && !evaluation && <OpenTest store={store} />}
        {evaluate.problem.value !== '' && <Message tone="problem">{evaluate.problem.value}</Message>}
        {evaluation && !busy && (
          <>
            <AccuracyCard store={store} evaluation={evaluation} />
            <ConfusionCard store={store} evaluation={evaluation} />
            <ScoreTable evaluation={evaluation} />
            <div class="button-row button-row-end">
              <NextStep to="try">Try it on something new</NextStep>
            </div>
          </>
        )}
      </div>
    </>
  );
}

function NotReady({ store }: { store: Store }) {
  const hasModel = store.model.model.value !== null;
  return (
    <EmptyState icon={<EvaluateIcon size={40} />} title={hasModel ? 'No photos to ask about' : 'No model yet'}>
      <p class="quiet">
        {hasModel
          ? 'Bring photos whose classes are known; the model is asked about each of them.'
          : 'Train one first, or open one you saved.'}
      </p>
      <div class="button-row">
        {hasModel ? <NextStep to="data">Bring photos</NextStep> : <NextStep to="train">Train a model</NextStep>}
        {!hasModel && <OpenModelButton store={store} />}
      </div>
    </EmptyState>
  );
}

function Busy({ store }: { store: Store }) {
  const { evaluate, data } = store;
  const reading = data.importing.value;
  const progress = reading ? data.progress.value : evaluate.progress.value;
  return (
    <section class="card" aria-label="Evaluation under way">
      <ProgressCard
        title={reading ? 'Reading the photos at the model’s size' : 'Asking the model about each photo'}
        unit="photos"
        done={progress?.done ?? 0}
        total={progress?.total ?? 0}
        cancelling={evaluate.cancelling.value || data.cancelling.value}
        onCancel={() => (reading ? data.cancel() : evaluate.cancel())}
      />
    </section>
  );
}
