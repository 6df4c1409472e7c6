import { effect } from '@preact/signals';
import { render } from 'preact';
import { launchOptions } from '../state/launch-options.ts';
import { steps } from '../state/steps.ts';
import { Store } from '../state/store.ts';
import { registerServiceWorker } from '../sw/register.ts';
import { App } from './app.tsx';
import { createPageStudio } from './create-studio.ts';
import { guardLeaving } from './leave-guard.ts';
import { offlineReady } from './status.tsx';
import { WakeLock } from './wake-lock.ts';
import './styles/colors.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/cards.css';
import './styles/charts.css';
import './styles/confusion.css';
import './styles/data.css';
import './styles/explore.css';
import './styles/train.css';
import './styles/evaluate.css';
import './styles/try.css';

function begin(root: HTMLElement): void {
  const launch = launchOptions(location.search);
  const store = new Store({ launch, createStudio: (choice) => createPageStudio(choice, launch.threads) });

  store.followHash(location.hash);
  addEventListener('hashchange', () => store.followHash(location.hash));
  effect(() => {
    const step = store.step.value;
    if (location.hash !== `#${step}` && (location.hash !== '' || step !== 'data')) location.hash = step;
    document.title = `${steps.find(({ id }) => id === step)?.title ?? ''} · Sortlab`;
  });

  const wakeLock = new WakeLock();
  effect(() => wakeLock.set(store.train.phase.value === 'training'));
  guardLeaving((listener) => effect(() => listener(store.atRisk.value)));
  void registerServiceWorker({
    onOfflineReady: () => (offlineReady.value = true),
    onUpdateReady: (apply) => offerUpdate(store, apply),
    started: store.studios.ready,
  });

  root.replaceChildren();
  render(<App store={store} />, root);
  void store.start();
}

/** Taking a newer version reloads the page: offered, never done unasked, and never while there is work to lose. */
function offerUpdate(store: Store, apply: () => void): void {
  store.notices.show('A newer version of Sortlab is ready. Reload when you have saved your model.', {
    action: { name: 'Reload', run: () => (store.working.value ? offerUpdate(store, apply) : apply()) },
  });
}

const root = document.getElementById('app');
// The check that runs first has told people with an old browser so; starting would only fail in the dark.
if (root && document.documentElement.dataset.browser !== 'too-old') begin(root);
