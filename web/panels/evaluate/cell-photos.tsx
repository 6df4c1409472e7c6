import { useState } from 'preact/hooks';
import { formatNumberOf } from '../../charts/format.ts';
import { ProbabilityBars } from '../../charts/probability-bars.tsx';
import type { Evaluation } from '../../state/evaluate-store.ts';
import type { Store } from '../../state/store.ts';
import { PhotoCanvas } from '../parts/photo-canvas.tsx';

const SHOWN = 12;

/** The photos of one cell with what the model said of each. Its place is kept while no cell is chosen. */
export function CellPhotos({ store, evaluation }: { store: Store; evaluation: Evaluation }) {
  const cell = store.evaluate.cell.value;
  const photos = store.evaluate.cellPhotos.value;
  const [shown, setShown] = useState(SHOWN);
  const truth = cell ? evaluation.classes[cell.truth] : undefined;
  const predicted = cell ? evaluation.classes[cell.predicted] : undefined;
  return (
    <section id="cell-photos" class="cell-photos" aria-label="Photos behind the number">
      {!cell && (
        <p class="quiet cell-hint">
          Choose a number in the table. Its photos appear here, with how sure the model was.
        </p>
      )}
      {cell && (
        <>
          <h3 aria-live="polite">
            {formatNumberOf(photos.length, 'photo')} of <span class="untrusted">{truth}</span>, called{' '}
            <span class="untrusted">{predicted}</span>
          </h3>
          {photos.length === 0 && <p class="quiet">No photo lies here.</p>}
          <ul class="answer-grid">
            {photos.slice(0, shown).map(({ index, probs }) => (
              <li key={index} class="answer">
                <PhotoCanvas
                  data={store.data}
                  index={index}
                  label={`Photo ${index + 1}: ${truth}, called ${predicted}`}
                />
                <ProbabilityBars
                  label={`How sure of photo ${index + 1}`}
                  classes={evaluation.classes}
                  probs={probs}
                  limit={3}
                  truth={cell.truth}
                />
              </li>
            ))}
          </ul>
          {photos.length > shown && (
            <button type="button" class="button" onClick={() => setShown(shown + SHOWN)}>
              Show more
            </button>
          )}
        </>
      )}
    </section>
  );
}
