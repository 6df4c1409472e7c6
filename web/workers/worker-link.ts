// A worker that another worker starts and may end at any time: in a browser, in Node, or played in a test.
import type { Port } from '../shared/protocol.ts';

export interface WorkerLink {
  port: Port;
  onDeath(listener: () => void): void;
  terminate(): void;
}
