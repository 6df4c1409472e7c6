import { useMemo, useState } from 'preact/hooks';
import { classColor } from '../../charts/class-colors.ts';
import { formatCount } from '../../charts/format.ts';
import type { DataStore } from '../../state/data-store.ts';
import { handful, indicesOfClass, type Dataset } from '../../state/dataset.ts';
import { ShuffleIcon } from '../parts/icons.tsx';
import { PhotoCanvas } from '../parts/photo-canvas.tsx';

const SHOWN = 8;

/** A few photos of each class, picked at random, cut and shrunk as the model sees them. */
export function ClassSamples({ data, dataset }: { data: DataStore; dataset: Dataset }) {
  return (
    <section class="card" aria-labelledby="samples-title">
      <h2 id="samples-title">A handful of each</h2>
      <p class="quiet">
        Picked at random, shown as the model sees them: {dataset.size} × {dataset.size} pixels.
      </p>
      <div class="samples">
        {dataset.classes.map(({ name, count }, label) => (
          <ClassRow key={name} data={data} dataset={dataset} label={label} name={name} count={count} />
        ))}
      </div>
    </section>
  );
}

function ClassRow(props: { data: DataStore; dataset: Dataset; label: number; name: string; count: number }) {
  const { data, dataset, label, name, count } = props;
  const [round, setRound] = useState(0);
  const all = useMemo(() => indicesOfClass(dataset.labels, label), [dataset, label]);
  const shown = handful(all, SHOWN, round);
  return (
    <section class="sample-row" aria-label={name}>
      <div class="sample-head">
        <h3>
          <i class={`swatch ${classColor(label)}`} aria-hidden="true" />
          <span class="untrusted">{name}</span> <span class="quiet tabular">{formatCount(count)}</span>
        </h3>
        {all.length > SHOWN && (
          <button
            type="button"
            class="button button-quiet"
            aria-label={`Show others of ${name}`}
            onClick={() => setRound(round + 1)}
          >
            <ShuffleIcon size={20} /> Show others
          </button>
        )}
      </div>
      <ul class="photo-grid">
        {shown.map((index, place) => (
          <li key={place}>
            <PhotoCanvas data={data} index={index} label={`${name}, photo ${index + 1}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}
