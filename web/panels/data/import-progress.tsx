import { classColor } from '../../charts/class-colors.ts';
import { formatCount } from '../../charts/format.ts';
import { shareOf } from '../../charts/scales.ts';
import type { DataStore } from '../../state/data-store.ts';
import type { ImportState } from '../../state/dataset.ts';
import { ProgressCard } from '../parts/progress-card.tsx';

const titles: Record<ImportState['phase'], string> = {
  reading: 'Reading the list of files',
  decoding: 'Reading the photos',
  drawing: 'Drawing example pictures',
};

export function ImportProgress({ data }: { data: DataStore }) {
  const progress = data.progress.value;
  return (
    <section class="card import-card" aria-label="Import">
      <ProgressCard
        title={progress ? titles[progress.phase] : 'Getting ready'}
        unit={progress?.phase === 'reading' ? 'files' : 'photos'}
        done={progress?.done ?? 0}
        total={progress?.total ?? 0}
        {...(progress && progress.phase !== 'reading' ? { secondsLeft: progress.secondsLeft } : {})}
        cancelling={data.cancelling.value}
        onCancel={() => data.cancel()}
      />
      {progress && progress.classes.length > 0 && (
        <ul class="class-list" aria-label="Classes being read">
          {progress.classes.map(({ name, count }, index) => {
            const done = progress.perClass[index] ?? 0;
            return (
              <li key={name}>
                <i class={`swatch ${classColor(index)}`} aria-hidden="true" />
                <span class="class-name untrusted">{name}</span>
                <span class={`class-track ${classColor(index)}`} aria-hidden="true">
                  <span style={{ transform: `scaleX(${shareOf(done, count)})` }} />
                </span>
                <span class="class-count tabular">{formatCount(count)}</span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
