import { formatCount, formatNumberOf } from '../../charts/format.ts';
import type { Store } from '../../state/store.ts';
import { EnvelopeIcon } from '../parts/icons.tsx';

/** The test photos lie in a closed envelope until somebody wants the honest answer. */
export function OpenTest({ store }: { store: Store }) {
  const { evaluate, model, train, data } = store;
  const present = model.model.value;
  const dataset = data.dataset.value;
  if (!present || !dataset) return null;
  const trainedHere = present.from.kind === 'training' && train.result.value !== null;
  const testCount = train.result.value?.testCount ?? 0;
  const opened = evaluate.openings.value;
  if (!trainedHere || testCount === 0) {
    return (
      <section class="card envelope" aria-labelledby="envelope-title">
        <div class="empty-icon">
          <EnvelopeIcon size={40} />
        </div>
        <h2 id="envelope-title">Ask it about all {formatCount(dataset.count)} photos</h2>
        <p class="quiet">{whyAll(present.from.kind === 'file', trainedHere)}</p>
        <button type="button" class="button button-primary button-large" onClick={() => void evaluate.evaluate('all')}>
          Evaluate all photos
        </button>
      </section>
    );
  }
  return (
    <section class="card envelope" aria-labelledby="envelope-title">
      <div class="empty-icon">
        <EnvelopeIcon size={40} />
      </div>
      <h2 id="envelope-title">{formatNumberOf(testCount, 'photo')} training never saw</h2>
      <p class="quiet">
        They were put aside at the start, the same share of each class. Open them when you are done tuning: the more
        often you look and change something, the more the answer flatters.
      </p>
      <button type="button" class="button button-primary button-large" onClick={() => void evaluate.evaluate('test')}>
        Open the test photos
      </button>
      <p class="quiet tabular" data-testid="test-openings">
        {opened === 0 ? 'Not opened yet.' : `Opened ${formatNumberOf(opened, 'time')} before.`}
      </p>
    </section>
  );
}

function whyAll(fromFile: boolean, trainedHere: boolean): string {
  if (fromFile)
    return 'This model comes from a file. Photos it was trained on are counted, so that the answer stays honest.';
  if (trainedHere) return 'No photos were kept away for a test, so the model is asked about photos it may know.';
  return 'The model was trained on other photos. Those among these that it knows are counted.';
}
