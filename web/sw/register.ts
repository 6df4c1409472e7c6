// The page's side of the service worker: registers it, and reloads once where only its headers allow threads.
import { skipWaitingMessage, startedMessage } from './messages.ts';

export interface ServiceWorkerOptions {
  /** The page now works without a network: called once a load, when everything is stored. */
  onOfflineReady?: () => void;
  /** A newer version is stored and waits. `apply` switches to it and reloads: offer it only while nothing can be lost. */
  onUpdateReady?: (apply: () => void) => void;
  /**
   * Fulfilled when the page works (engine loaded). Loads that never get there are counted, and after three of them the
   * stored version is thrown away. Without it the call itself counts as the start.
   */
  started?: Promise<unknown>;
}

const reloadedKey = 'sortlab-reloaded-for-isolation';

/** Never rejects: without a service worker (private windows, plain http) the page works online and on one thread. */
export async function registerServiceWorker(options: ServiceWorkerOptions = {}): Promise<void> {
  if (!('serviceWorker' in navigator) || !window.isSecureContext) return;
  const container = navigator.serviceWorker;
  const touched = watchForInput();
  let told = false;
  const offlineReady = () => {
    if (!told) options.onOfflineReady?.();
    told = true;
  };

  (options.started ?? Promise.resolve()).then(
    () => container.controller?.postMessage(startedMessage),
    () => undefined,
  );
  container.addEventListener('controllerchange', () => {
    offlineReady();
    reloadOnceForIsolation(touched);
  });

  try {
    const registration = await container.register(new URL('sw.js', document.baseURI), { updateViaCache: 'none' });
    if (registration.active) {
      offlineReady();
      // After a hard reload the page has no service worker although one is there.
      reloadOnceForIsolation(touched);
    }
    announceUpdates(registration, options);
  } catch (error) {
    console.warn('The page could not be stored for use without a network.', error);
  }
}

function announceUpdates(registration: ServiceWorkerRegistration, options: ServiceWorkerOptions): void {
  const announce = () => {
    const waiting = registration.waiting;
    if (!waiting || !registration.active) return;
    options.onUpdateReady?.(() => {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      waiting.postMessage(skipWaitingMessage);
    });
  };
  announce();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', announce);
  });
}

/** Says whether a person has touched the page since this call: from then on a reload could lose something. */
function watchForInput(): () => boolean {
  let seen = false;
  for (const type of ['pointerdown', 'keydown', 'dragenter', 'drop', 'change'] as const) {
    window.addEventListener(type, () => (seen = true), { capture: true, once: true, passive: true });
  }
  return () => seen;
}

/**
 * The document itself came from a host without COOP and COEP; loaded again through the service worker it has them.
 * Once a session only: where the reload does not help (a frame, an old browser), a second one would not either.
 */
function reloadOnceForIsolation(touched: () => boolean): void {
  try {
    if (window.crossOriginIsolated) return sessionStorage.removeItem(reloadedKey);
    if (touched() || window.top !== window || sessionStorage.getItem(reloadedKey) !== null) return;
    sessionStorage.setItem(reloadedKey, '1');
  } catch {
    return; // No session storage: nothing could stop a loop.
  }
  location.reload();
}
