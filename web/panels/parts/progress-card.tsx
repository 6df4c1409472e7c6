import { formatCount, formatTimeLeft } from '../../charts/format.ts';
import { ProgressBar } from '../../charts/progress-bar.tsx';

/** Long work: how far, how long still, and a way out. */
export function ProgressCard(props: {
  title: string;
  unit: string;
  done: number;
  total: number;
  secondsLeft?: number;
  cancelling: boolean;
  onCancel: () => void;
}) {
  const { done, total } = props;
  return (
    <div class="progress-card" data-testid="progress">
      <p class="progress-title">{props.title}</p>
      <ProgressBar label={props.title} done={done} total={total} />
      <div class="progress-row">
        <p class="quiet tabular">
          {total > 0 ? `${formatCount(done)} of ${formatCount(total)} ${props.unit}` : 'starting'}
          {props.secondsLeft !== undefined && total > 0 && ` · ${formatTimeLeft(props.secondsLeft)}`}
        </p>
        <button type="button" class="button" onClick={props.onCancel} disabled={props.cancelling}>
          {props.cancelling ? 'Cancelling…' : 'Cancel'}
        </button>
      </div>
    </div>
  );
}
