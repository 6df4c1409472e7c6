import { formatBytes } from '../../charts/format.ts';
import type { TrainStore } from '../../state/train-store.ts';

/** What training will need, known before it begins. */
export function MemoryPlanView({ train }: { train: TrainStore }) {
  const plan = train.plan.value;
  return (
    <div class="memory-plan" data-testid="memory-plan">
      <p>
        Memory for training: <strong class="tabular">{plan ? formatBytes(plan.total) : '–'}</strong>
      </p>
      <p class="quiet tabular">
        {plan
          ? `photos ${formatBytes(plan.dataset)} · activations ${formatBytes(plan.activations)} · workspaces ${formatBytes(plan.workspaces)} · parameters ${formatBytes(plan.parameters)} · finished model ${formatBytes(plan.model)}`
          : 'worked out as soon as photos are there'}
      </p>
    </div>
  );
}
