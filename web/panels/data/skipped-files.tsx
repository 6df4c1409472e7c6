import { useId } from 'preact/hooks';
import { formatCount, formatNumberOf } from '../../charts/format.ts';
import type { SkipReason, Skipped } from '../../shared/data-api.ts';
import { skipTitles } from '../../shared/messages.ts';

const SHOWN = 50;

/** Nothing is lost silently: each file left out, grouped by why. `of`: the source, where another list is near. */
export function SkippedFiles({ skipped, of = '' }: { skipped: readonly Skipped[]; of?: string }) {
  const id = useId();
  const source = of === '' ? '' : ` of ${of}`;
  if (skipped.length === 0) return <p class="quiet untrusted">{`No file${source} was skipped.`}</p>;
  const groups = new Map<SkipReason, Skipped[]>();
  for (const one of skipped) groups.set(one.reason, [...(groups.get(one.reason) ?? []), one]);
  return (
    <section class="skipped" aria-labelledby={id}>
      <h3 id={id} class="untrusted">{`${formatNumberOf(skipped.length, 'file')}${source} skipped`}</h3>
      {[...groups].map(([reason, files]) => (
        <details key={reason} class="skipped-group">
          <summary>
            <span class="skipped-reason">{skipTitles[reason]}</span>{' '}
            <span class="count-pill tabular">{formatCount(files.length)}</span>
          </summary>
          <ul>
            {files.slice(0, SHOWN).map(({ path, detail }) => (
              <li key={path}>
                <code class="untrusted">{path}</code>
                <p class="quiet untrusted">{detail}</p>
              </li>
            ))}
          </ul>
          {files.length > SHOWN && <p class="quiet">and {formatNumberOf(files.length - SHOWN, 'more file')}</p>}
        </details>
      ))}
    </section>
  );
}
