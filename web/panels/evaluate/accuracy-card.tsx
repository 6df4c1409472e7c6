import { formatNumberOf, formatPercent } from '../../charts/format.ts';
import { IntervalGauge } from '../../charts/interval-gauge.tsx';
import { engineLine } from '../../state/engine-line.ts';
import type { Evaluation } from '../../state/evaluate-store.ts';
import type { Store } from '../../state/store.ts';
import { Message } from '../parts/message.tsx';

const FEW = 100;

/** The one number, with what it rests on. */
export function AccuracyCard({ store, evaluation }: { store: Store; evaluation: Evaluation }) {
  const { accuracy, accuracyLow, accuracyHigh, count, part, classes, seenInTraining } = evaluation;
  const openings = store.evaluate.openings.value;
  const seed = store.train.ranWith.value?.seed;
  return (
    <section class="card accuracy" aria-labelledby="accuracy-title" data-testid="accuracy">
      <div class="accuracy-number">
        <h2 id="accuracy-title" class="big-number tabular">
          {formatPercent(accuracy)} <span>right</span>
        </h2>
        <p>
          on {formatNumberOf(count, 'photo')}{' '}
          {part === 'test' ? 'training never saw' : `of ${store.data.dataset.value?.name ?? 'the data'}`}
        </p>
      </div>
      <div class="accuracy-words">
        <IntervalGauge
          label="Accuracy"
          value={accuracy}
          low={accuracyLow}
          high={accuracyHigh}
          chance={largestShare(evaluation)}
        />
        <p>
          With {formatNumberOf(count, 'photo')} the true value lies between{' '}
          <strong class="tabular">{formatPercent(accuracyLow)}</strong> and{' '}
          <strong class="tabular">{formatPercent(accuracyHigh)}</strong> (95 % interval). Always saying the most
          frequent of the {classes.length} classes would be right {formatPercent(largestShare(evaluation))} of the time.
        </p>
        {count < FEW && <p class="quiet">Few photos, so a wide interval: more test photos would tell more.</p>}
        {part === 'all' && (
          <p data-testid="seen-in-training">
            {seenInTraining === 0
              ? 'None of them were used in training, as far as their bytes tell.'
              : `${formatNumberOf(seenInTraining, 'photo')} of them were used in training: on those it has an easy game.`}
          </p>
        )}
        <p class="quiet tabular" data-testid="test-openings">
          {part === 'test' && `Test photos opened ${formatNumberOf(openings, 'time')}. `}
          {seed !== undefined && part === 'test' && `Seed ${seed}. `}
          {engineLine(store.studios.info.value)}
        </p>
      </div>
      {part === 'test' && openings > 3 && (
        <Message tone="note">
          These photos have been looked at {openings} times. If you changed things after each look, fresh photos would
          give a more honest answer.
        </Message>
      )}
    </section>
  );
}

/** What a person who always names the most frequent class would reach. */
function largestShare({ perClass, count }: Evaluation): number {
  return count > 0 ? Math.max(0, ...perClass.map(({ support }) => support)) / count : NaN;
}
