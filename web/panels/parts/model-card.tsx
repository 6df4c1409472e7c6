import { formatCount } from '../../charts/format.ts';
import { downloadBytes, modelFileName } from '../../export/model-file.ts';
import type { PresentModel } from '../../state/model-store.ts';
import type { Store } from '../../state/store.ts';
import { SaveIcon } from './icons.tsx';
import { OpenModelButton } from './open-model.tsx';

/** The model itself: what it is, and how to keep it. */
export function ModelCard({ store, model }: { store: Store; model: PresentModel }) {
  const save = () =>
    store.model.save((bytes, { classes, name }) => {
      const fileName = modelFileName(classes, name);
      downloadBytes(bytes, fileName);
      store.notices.show(`The model is saved as “${fileName}” in your downloads.`);
    });
  return (
    <section class="card" aria-labelledby="model-title">
      <h2 id="model-title">Keep your model</h2>
      <p class="quiet">
        One file that works here again, on any device. It holds no photos, but the network, its class names and a
        fingerprint of each photo it learned from, by which it can tell later whether a photo was among them; the photo
        cannot be made from it.
      </p>
      <dl class="figures">
        <div>
          <dt>From</dt>
          <dd class="untrusted">{model.from.kind === 'file' ? model.from.name : 'trained here'}</dd>
        </div>
        <div>
          <dt>Network</dt>
          <dd class="untrusted">{model.name}</dd>
        </div>
        <div>
          <dt>Sees photos at</dt>
          <dd class="tabular">{`${model.imageSize} × ${model.imageSize} px`}</dd>
        </div>
        <div>
          <dt>Parameters</dt>
          <dd class="tabular">{formatCount(model.parameterCount)}</dd>
        </div>
      </dl>
      <div class="button-row">
        <button
          type="button"
          class="button button-primary"
          disabled={store.model.busy.value}
          onClick={() => void save()}
        >
          <SaveIcon size={20} /> Save the model
        </button>
        <OpenModelButton store={store} />
      </div>
    </section>
  );
}
