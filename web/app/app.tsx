import { useLayoutEffect, useRef } from 'preact/hooks';
import { DataPanel } from '../panels/data/data-panel.tsx';
import { EvaluatePanel } from '../panels/evaluate/evaluate-panel.tsx';
import { ExplorePanel } from '../panels/explore/explore-panel.tsx';
import { Message } from '../panels/parts/message.tsx';
import { TrainPanel } from '../panels/train/train-panel.tsx';
import { TryPanel } from '../panels/try/try-panel.tsx';
import type { StepId } from '../state/steps.ts';
import type { Store } from '../state/store.ts';
import { Brand } from './brand.tsx';
import { Footer } from './footer.tsx';
import { NoticesView } from './notices-view.tsx';
import { Status } from './status.tsx';
import { StepNav } from './step-nav.tsx';

const panels: Record<StepId, typeof DataPanel> = {
  data: DataPanel,
  explore: ExplorePanel,
  train: TrainPanel,
  evaluate: EvaluatePanel,
  try: TryPanel,
};

export function App({ store }: { store: Store }) {
  const step = store.step.value;
  const Panel = panels[step];
  const problem = store.studios.problem.value;
  const first = useRef(true);
  useLayoutEffect(() => {
    // On arrival the browser decides where the focus is; afterwards a new step begins at its title: from the moment it is
    // there, since a later focus would take a key that somebody pressed in between.
    if (first.current) {
      first.current = false;
      return;
    }
    scrollTo({ top: 0 });
    document.getElementById('step-title')?.focus({ preventScroll: true });
  }, [step]);
  return (
    <div class="shell">
      <a class="skip-link" href="#step-title" onClick={skipToContent}>
        Skip to the step
      </a>
      <header class="top">
        <Brand />
        <StepNav store={store} />
        <Status />
      </header>
      <main class="main" id="main">
        {problem !== '' && (
          <div class="page-problem">
            <Message tone="problem">{problem}</Message>
          </div>
        )}
        <Panel key={step} store={store} />
      </main>
      <Footer store={store} />
      <NoticesView notices={store.notices} />
    </div>
  );
}

/** The address names the step, so the link must not change it. */
function skipToContent(event: Event): void {
  event.preventDefault();
  document.getElementById('step-title')?.focus();
}
