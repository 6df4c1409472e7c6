import { useCallback } from 'preact/hooks';
import { sortPicked, type PickedFile } from '../../state/picked-files.ts';
import type { Store } from '../../state/store.ts';
import { formatNumberOf } from '../../charts/format.ts';
import { Message } from '../parts/message.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { openModelFile, OpenModelButton } from '../parts/open-model.tsx';
import { StepHeader } from '../parts/step-header.tsx';
import { ClassList } from './class-list.tsx';
import { ImportProgress } from './import-progress.tsx';
import { FolderHint } from './folder-hint.tsx';
import { SkippedFiles } from './skipped-files.tsx';
import { SortPhotos } from './sort-photos.tsx';
import { SourceZone } from './source-zone.tsx';

export function DataPanel({ store }: { store: Store }) {
  const { data, collection, model } = store;
  const dataset = data.dataset.value;
  const importing = data.importing.value;
  const onFiles = useCallback(
    (files: PickedFile[]) => {
      const picked = sortPicked(files);
      if (picked.kind === 'refused') data.refuse(picked.message);
      else if (picked.kind === 'model') void openModelFile(store, picked.file);
      else if (picked.kind === 'photos') {
        collection.add(picked.files);
        data.refuse(picked.leftOut);
      } else void data.openSource(picked.source);
    },
    [store],
  );
  const sorting = collection.begun.value;
  const failed = data.failed.value;
  const said = data.problem.value || model.problem.value;
  // An engine that does not start is told of at the top of every step.
  const problem = said === store.studios.problem.value ? '' : said;
  return (
    <>
      <StepHeader step="data">
        Give Sortlab photos of the things it should tell apart, in one folder for each kind. They stay on this device.
      </StepHeader>
      <div class="stack">
        {importing && <ImportProgress data={data} />}
        {!importing && !dataset && <SourceZone data={data} compact={false} onFiles={onFiles} />}
        {problem !== '' && <Message tone="problem">{problem}</Message>}
        {failed && !importing && (
          <section class="card" aria-label="Skipped files of the failed import">
            <SkippedFiles skipped={failed.skipped} of={failed.name} />
          </section>
        )}
        {sorting && !importing && <SortPhotos store={store} />}
        {dataset && !importing && (
          <section class="card" aria-labelledby="at-hand">
            <div class="card-head">
              <div>
                <h2 id="at-hand" class="untrusted">
                  {dataset.name}
                </h2>
                <p class="quiet tabular" data-testid="data-summary">
                  {formatNumberOf(dataset.count, 'photo')} in{' '}
                  {formatNumberOf(dataset.classes.length, 'class', 'classes')}
                </p>
              </div>
              <NextStep to="explore">Look at them</NextStep>
            </div>
            <ClassList classes={dataset.classes} />
            {dataset.findings.map(({ kind, message }) => (
              <Message key={kind + message} tone="note">
                {message}
              </Message>
            ))}
            {dataset.decodedByBrowser > 0 && (
              <Message tone="note">
                {formatNumberOf(dataset.decodedByBrowser, 'photo')} came in a format only this browser reads; another
                browser may read them a shade differently.
              </Message>
            )}
            <SkippedFiles skipped={dataset.skipped} of={failed ? dataset.name : ''} />
          </section>
        )}
        {!dataset && !importing && (
          <div class="columns">
            <FolderHint />
            <section class="card" aria-labelledby="saved-model">
              <h2 id="saved-model">Been here before?</h2>
              <p class="quiet">Open a model you saved. It works at once in Try, and Evaluate tells how good it is.</p>
              <OpenModelButton store={store} />
            </section>
          </div>
        )}
        {dataset && !importing && (
          <>
            <SourceZone data={data} compact onFiles={onFiles} />
            <p class="quiet also">
              You can also <OpenModelButton store={store} />
            </p>
          </>
        )}
      </div>
    </>
  );
}
