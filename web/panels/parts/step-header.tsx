import type { ComponentChildren } from 'preact';
import { steps, stepIds, type StepId } from '../../state/steps.ts';

/** The question a step answers, and one line on how. Takes the focus when the step opens. */
export function StepHeader(props: { step: StepId; children: ComponentChildren }) {
  const place = stepIds.indexOf(props.step);
  const step = steps[place];
  return (
    <header class="step-header">
      <p class="eyebrow">
        Step {place + 1} of {steps.length} · {step?.title}
      </p>
      <h1 tabIndex={-1} id="step-title">
        {step?.question}
      </h1>
      <p class="lead">{props.children}</p>
    </header>
  );
}
