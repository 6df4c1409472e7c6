import { useCallback } from 'preact/hooks';
import { photosAmong, sortPicked, type PickedFile } from '../../state/picked-files.ts';
import type { Store } from '../../state/store.ts';
import { DropZone } from '../parts/drop-zone.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { FilePicker } from '../parts/file-picker.tsx';
import { PhotoIcon, TryIcon } from '../parts/icons.tsx';
import { Message } from '../parts/message.tsx';
import { ModelCard } from '../parts/model-card.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { openModelFile, OpenModelButton } from '../parts/open-model.tsx';
import { StepHeader } from '../parts/step-header.tsx';
import { CameraView } from './camera-view.tsx';
import { TrialList } from './trial-list.tsx';

export function TryPanel({ store }: { store: Store }) {
  const { trial, model } = store;
  const present = model.model.value;
  const onFiles = useCallback(
    (files: PickedFile[]) => {
      const picked = sortPicked(files);
      if (picked.kind === 'model') void openModelFile(store, picked.file);
      else if (store.model.model.value) {
        const { photos, leftOut } = photosAmong(files);
        // Where none looks like a photo each is tried all the same: the data worker says what is wrong with it.
        if (photos.length === 0) void trial.tryFiles(files.map(({ file }) => file));
        else
          void trial.tryFiles(
            photos.map(({ file }) => file),
            leftOut,
          );
      }
    },
    [store],
  );
  const problem = trial.problem.value || model.problem.value;
  return (
    <>
      <StepHeader step="try">Show it something new: photos, or the world in front of your camera.</StepHeader>
      <div class="stack">
        {problem !== '' && <Message tone="problem">{problem}</Message>}
        {!present && (
          <EmptyState icon={<TryIcon size={40} />} title="No model to try yet">
            <p class="quiet">Train one first, or open one you saved.</p>
            <div class="button-row">
              <NextStep to={store.data.dataset.value ? 'train' : 'data'}>
                {store.data.dataset.value ? 'Train a model' : 'Bring photos'}
              </NextStep>
              <OpenModelButton store={store} />
            </div>
          </EmptyState>
        )}
        {present && (
          <>
            <CameraView store={store} model={present} />
            <DropZone label="Try photos" class="is-compact" onFiles={onFiles}>
              <div class="drop-words">
                <h2>Photos it has never seen</h2>
                <p class="quiet">Drop one or many here, of anything it should know.</p>
              </div>
              <div class="button-row">
                <FilePicker accept="image/*,.heic,.heif" multiple onPick={onFiles}>
                  <PhotoIcon size={20} /> Choose photos
                </FilePicker>
              </div>
            </DropZone>
            <TrialList store={store} model={present} />
            <ModelCard store={store} model={present} />
          </>
        )}
      </div>
    </>
  );
}
