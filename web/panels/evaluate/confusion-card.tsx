import { ConfusionMatrix } from '../../charts/confusion-matrix.tsx';
import { formatNumberOf } from '../../charts/format.ts';
import { worstConfusion, type Evaluation } from '../../state/evaluate-store.ts';
import type { Store } from '../../state/store.ts';
import { CellPhotos } from './cell-photos.tsx';

/** Which classes it mixes up, and the photos themselves. */
export function ConfusionCard({ store, evaluation }: { store: Store; evaluation: Evaluation }) {
  const { evaluate } = store;
  const worst = worstConfusion(evaluation);
  return (
    <section class="card" aria-labelledby="confusion-title">
      <h2 id="confusion-title">What it mixes up</h2>
      <p class="quiet">
        {worst ? (
          <>
            Most often it takes <strong class="untrusted">{evaluation.classes[worst.truth]}</strong> for{' '}
            <strong class="untrusted">{evaluation.classes[worst.predicted]}</strong>:{' '}
            {formatNumberOf(worst.count, 'photo')}. Press a number to see the photos behind it.
          </>
        ) : (
          'Nothing: every photo was called by its right name. Press a number to see the photos behind it.'
        )}
      </p>
      <div class="confusion-layout">
        <ConfusionMatrix
          title="Confusion matrix"
          classes={evaluation.classes}
          confusion={evaluation.confusion}
          selected={evaluate.cell.value}
          controls="cell-photos"
          onSelect={(cell) => evaluate.select(cell)}
        />
        <CellPhotos store={store} evaluation={evaluation} />
      </div>
    </section>
  );
}
