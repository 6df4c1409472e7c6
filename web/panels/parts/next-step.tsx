import type { ComponentChildren } from 'preact';
import type { StepId } from '../../state/steps.ts';
import { ArrowIcon } from './icons.tsx';

/** Where the road goes on. */
export function NextStep(props: { to: StepId; children: ComponentChildren }) {
  return (
    <a class="button button-primary next-step" href={`#${props.to}`}>
      {props.children} <ArrowIcon size={20} />
    </a>
  );
}
