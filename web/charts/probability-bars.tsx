import { classColor } from './class-colors.ts';
import { formatPercent } from './format.ts';
import { shareOf } from './scales.ts';

/**
 * How sure the model is of each class. The order of the classes is kept (bars that swap places cannot be read on a live
 * picture) unless `limit` asks for the surest few.
 */
export function ProbabilityBars(props: {
  label: string;
  classes: string[];
  probs: ArrayLike<number>;
  /** Only the surest this many. */
  limit?: number;
  /** The class it really is, where that is known. */
  truth?: number;
}) {
  const { classes, probs, truth } = props;
  const best = largestIndex(probs);
  let order = classes.map((_, index) => index);
  if (props.limit !== undefined && classes.length > props.limit) {
    order = order.sort((a, b) => (probs[b] ?? 0) - (probs[a] ?? 0)).slice(0, props.limit);
    if (truth !== undefined && !order.includes(truth)) order[order.length - 1] = truth;
  }
  return (
    <ul class="probability-bars" aria-label={props.label}>
      {order.map((index) => {
        const share = shareOf(probs[index] ?? NaN, 1);
        return (
          <li key={index} class={index === best ? 'is-best' : undefined}>
            <span class="probability-name">
              {classes[index]}
              {index === truth && <span class="truth-note"> (what it is)</span>}
            </span>
            <span class={`probability-track ${classColor(index)}`} aria-hidden="true">
              <span class="probability-fill" style={{ transform: `scaleX(${share.toFixed(4)})` }} />
            </span>
            <span class="probability-value tabular">{formatPercent(probs[index] ?? NaN)}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** Index of the largest number; -1 where there is none. NaN never wins. */
export function largestIndex(values: ArrayLike<number>): number {
  let best = -1;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (best < 0 || value > (values[best] ?? -Infinity)) best = index;
  }
  return best;
}
