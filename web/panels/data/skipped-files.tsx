import { formatCount, formatNumberOf } from '../../charts/format.ts';
import type { SkipReason, Skipped } from '../../shared/data-api.ts';
import { skipTitles } from '../../shared/messages.ts';

const SHOWN = 50;

/** Nothing is lost silently: each file left out, grouped by why. */
export function SkippedFiles({ skipped }: { skipped: Skipped[] }) {
  if (skipped.length === 0) return <p class="quiet">No file was skipped.</p>;
  const groups = new Map<SkipReason, Skipped[]>();
  for (const one of skipped) groups.set(one.reason, [...(groups.get(one.reason) ?? []), one]);
  return (
    <section class="skipped" aria-labelledby="skipped">
      <h3 id="skipped">{formatNumberOf(skipped.length, 'file')} skipped</h3>
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
