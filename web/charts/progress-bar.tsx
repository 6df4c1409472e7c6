import { shareOf } from './scales.ts';

/** A native <progress>, so that it is announced and needs no script; indeterminate where `total` is 0. */
export function ProgressBar(props: { label: string; done: number; total: number }) {
  if (!(props.total > 0)) return <progress class="progress" aria-label={props.label} />;
  return <progress class="progress" aria-label={props.label} max={1} value={shareOf(props.done, props.total)} />;
}
