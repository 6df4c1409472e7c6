import { classColor } from '../../charts/class-colors.ts';
import { formatCount } from '../../charts/format.ts';
import { shareOf } from '../../charts/scales.ts';
import type { ClassPlan } from '../../shared/data-api.ts';

/** The classes with how many photos each has. */
export function ClassList({ classes }: { classes: ClassPlan[] }) {
  const most = Math.max(0, ...classes.map(({ count }) => count));
  return (
    <ul class="class-list" aria-label="Classes">
      {classes.map(({ name, count }, index) => (
        <li key={name}>
          <i class={`swatch ${classColor(index)}`} aria-hidden="true" />
          <span class="class-name untrusted">{name}</span>
          <span class={`class-track ${classColor(index)}`} aria-hidden="true">
            <span style={{ transform: `scaleX(${shareOf(count, most)})` }} />
          </span>
          <span class="class-count tabular">{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  );
}
