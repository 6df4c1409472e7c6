// Ports from what browsers and Node offer: a Worker, a worker's own scope, a MessagePort.
import type { Port } from './protocol.ts';

/** What those have in common, without DOM types. */
export interface EventTargetPort {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Transferable is a DOM type
  postMessage(message: unknown, transfer: any[]): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  start?(): void;
}

/** A MessagePort is started, so that nothing it holds back is lost. */
export function eventPort(target: EventTargetPort): Port {
  return {
    postMessage: (message, transfer = []) => target.postMessage(message, [...transfer]),
    onMessage: (listener) => {
      target.addEventListener('message', (event) => listener(event.data));
      target.start?.();
    },
  };
}
