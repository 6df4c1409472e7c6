import { signal } from '@preact/signals';
import { LockIcon, OfflineIcon } from '../panels/parts/icons.tsx';

/** True once a service worker has stored all that the page needs. */
export const offlineReady = signal(false);

/** Two promises, told quietly. */
export function Status() {
  return (
    <ul class="status" aria-label="Status">
      <li>
        <LockIcon size={20} /> <span>Nothing leaves this device</span>
      </li>
      <li class={offlineReady.value ? '' : 'is-pending'} data-testid="offline">
        <OfflineIcon size={20} /> <span>{offlineReady.value ? 'Works offline' : 'Offline: not yet'}</span>
      </li>
    </ul>
  );
}
