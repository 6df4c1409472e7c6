import { largestIndex, ProbabilityBars } from '../../charts/probability-bars.tsx';
import { formatPercent } from '../../charts/format.ts';
import type { PresentModel } from '../../state/model-store.ts';
import type { Store } from '../../state/store.ts';
import type { Trial } from '../../state/try-store.ts';
import { useObjectUrl } from '../parts/object-url.ts';
import { ProgressCard } from '../parts/progress-card.tsx';

/** Photos on trial, newest first, each with the model's answer. */
export function TrialList({ store, model }: { store: Store; model: PresentModel }) {
  const { trial, notices } = store;
  const trials = trial.trials.value;
  const progress = trial.progress.value;
  if (trials.length === 0) return null;
  return (
    <section class="card" aria-labelledby="trials-title">
      <div class="card-head">
        <h2 id="trials-title">What it says</h2>
        <button
          type="button"
          class="button button-quiet"
          onClick={() => notices.show('The photos were taken away.', { undo: trial.clear() })}
        >
          Clear
        </button>
      </div>
      {trial.running.value && progress && progress.total > 8 && (
        <ProgressCard
          title="Asking the model"
          unit="photos"
          done={progress.done}
          total={progress.total}
          cancelling={false}
          onCancel={() => trial.cancel()}
        />
      )}
      <ul class="answer-grid answer-grid-wide">
        {trials.map((one) => (
          <TrialItem key={one.id} trial={one} model={model} />
        ))}
      </ul>
    </section>
  );
}

function TrialItem({ trial, model }: { trial: Trial; model: PresentModel }) {
  const { answer, file, name } = trial;
  const url = useObjectUrl(answer.state === 'unreadable' ? undefined : file);
  const probs = answer.state === 'answered' ? answer.prediction.probs : null;
  const best = probs ? largestIndex(probs) : -1;
  return (
    <li class="answer" data-testid="trial">
      {url === undefined ? (
        <span class="photo" />
      ) : (
        <img class="photo photo-whole" src={url} alt={name} decoding="async" />
      )}
      <div class="answer-words">
        <p class="answer-name untrusted" title={name}>
          {name}
        </p>
        {answer.state === 'waiting' && <p class="quiet">looking …</p>}
        {answer.state === 'unreadable' && <p class="answer-problem untrusted">{answer.detail}</p>}
        {probs && (
          <>
            <p class="answer-label">
              <strong class="untrusted">{model.classes[best]}</strong>{' '}
              <span class="tabular">{formatPercent(probs[best] ?? NaN)}</span>
            </p>
            <ProbabilityBars label={`How sure of ${name}`} classes={model.classes} probs={probs} limit={6} />
          </>
        )}
      </div>
    </li>
  );
}
