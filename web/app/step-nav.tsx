import type { FunctionComponent } from 'preact';
import { shareOf } from '../charts/scales.ts';
import {
  CheckIcon,
  DataIcon,
  EvaluateIcon,
  ExploreIcon,
  TrainIcon,
  TryIcon,
  type Size,
} from '../panels/parts/icons.tsx';
import { steps, type StepId } from '../state/steps.ts';
import type { Store } from '../state/store.ts';

const icons: Record<StepId, FunctionComponent<Size>> = {
  data: DataIcon,
  explore: ExploreIcon,
  train: TrainIcon,
  evaluate: EvaluateIcon,
  try: TryIcon,
};

/** The steps: a rail on a desktop, a bar under the thumb on a phone. */
export function StepNav({ store }: { store: Store }) {
  const current = store.step.value;
  return (
    <nav class="step-nav" aria-label="Steps">
      <ol>
        {steps.map(({ id, title, question }) => {
          const Icon = icons[id];
          const state = stateOf(store, id);
          return (
            <li key={id}>
              <a href={`#${id}`} class="step-link" aria-current={id === current ? 'step' : undefined}>
                <span class="step-icon">
                  <Icon />
                  {state.kind === 'working' && <Ring share={state.share} />}
                  {state.kind === 'done' && (
                    <span class="step-done">
                      <CheckIcon size={12} />
                    </span>
                  )}
                </span>
                <span class="step-words">
                  <span class="step-title">{title}</span>
                  <span class="step-question">{question}</span>
                </span>
                {state.kind !== 'open' && (
                  <span class="visually-hidden">{state.kind === 'done' ? '(done)' : '(under way)'}</span>
                )}
              </a>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

type StepState = { kind: 'open' } | { kind: 'done' } | { kind: 'working'; share: number };

function stateOf(store: Store, id: StepId): StepState {
  const { data, train, model, evaluate } = store;
  const done = (yes: boolean): StepState => (yes ? { kind: 'done' } : { kind: 'open' });
  if (id === 'data' && data.importing.value && train.phase.value === 'idle') {
    const progress = data.progress.value;
    return { kind: 'working', share: shareOf(progress?.done ?? 0, progress?.total ?? 0) };
  }
  if (id === 'train' && train.phase.value !== 'idle') {
    const progress = train.progress.value;
    const steps = (progress?.stepsPerEpoch ?? 0) * (progress?.epochs ?? 0);
    return {
      kind: 'working',
      share: shareOf((progress?.epoch ?? 0) * (progress?.stepsPerEpoch ?? 0) + (progress?.step ?? 0), steps),
    };
  }
  if (id === 'data') return done(data.dataset.value !== null);
  if (id === 'train') return done(model.model.value !== null);
  if (id === 'evaluate') return done(evaluate.evaluation.value !== null);
  return { kind: 'open' };
}

const RADIUS = 19;
const AROUND = 2 * Math.PI * RADIUS;

function Ring({ share }: { share: number }) {
  return (
    <svg class="step-ring" width="44" height="44" viewBox="0 0 44 44" aria-hidden="true">
      <circle class="ring-track" cx="22" cy="22" r={RADIUS} />
      <circle
        class="ring-fill"
        cx="22"
        cy="22"
        r={RADIUS}
        stroke-dasharray={AROUND}
        stroke-dashoffset={AROUND * (1 - share)}
        transform="rotate(-90 22 22)"
      />
    </svg>
  );
}
