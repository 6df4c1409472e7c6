import { formatCount, formatPercent } from './format.ts';
import { shareOf } from './scales.ts';

export interface Part {
  name: string;
  value: number;
  /** What this part is for, in a person's words. */
  purpose: string;
}

/** One bar cut into parts, with the parts named below it: how the photos are divided. */
export function ShareBar(props: { label: string; parts: Part[] }) {
  const total = props.parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <div class="share-bar" role="group" aria-label={props.label}>
      <div class="share-track" aria-hidden="true">
        {props.parts.map((part, index) => (
          <span
            key={part.name}
            class={`share-part share-part-${index}`}
            style={{ flexGrow: Math.max(0, part.value) }}
          />
        ))}
      </div>
      <ul class="share-legend">
        {props.parts.map((part, index) => (
          <li key={part.name}>
            <i class={`share-key share-part-${index}`} aria-hidden="true" />
            <div>
              <strong>{part.name}</strong>{' '}
              <span class="tabular">
                {formatCount(part.value)} · {formatPercent(shareOf(part.value, total))}
              </span>
              <p class="quiet">{part.purpose}</p>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
