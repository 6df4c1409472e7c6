// Whether a worker still answers. Between the slices of its work it answers at once, so while a call waits it is asked every
// two seconds; one that says nothing four times is hung, or at a very large step: only the person can tell, and is told.
import type { FromWorker, Port, ToWorker } from '../shared/protocol.ts';

export interface SilenceEvents {
  /** It has been silent for four ticks. */
  silent(): void;
  /** It has answered after all. */
  heard(): void;
  /** It is silent, and the person has cancelled what it does: nothing is lost by ending it. */
  abandoned(): void;
}

const silentTicks = 4;

export class SilenceWatch {
  /** What calls go through. */
  readonly port: Port;
  readonly #worker: Port;
  readonly #events: SilenceEvents;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #waiting = new Set<number>(); // calls without an answer
  #alive = false; // it has spoken once: until then its script may still be on its way
  #unanswered = 0; // ticks, not time: a computer that sleeps ticks no more than its workers work
  #cancelled = false;

  constructor(worker: Port, events: SilenceEvents, tickMilliseconds = 2000) {
    this.#worker = worker;
    this.#events = events;
    this.port = {
      postMessage: (message, transfer) => {
        this.#sent(message as ToWorker);
        worker.postMessage(message, transfer);
      },
      onMessage: (listener) => {
        worker.onMessage((message) => {
          this.#received(message as FromWorker);
          listener(message);
        });
      },
    };
    this.#timer = setInterval(() => this.#tick(), tickMilliseconds);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #sent(message: ToWorker): void {
    if (message.kind === 'call') this.#waiting.add(message.id);
    else if (message.kind === 'cancel') this.#cancelled = true;
  }

  #received(message: FromWorker): void {
    if (message.kind === 'result' || message.kind === 'error') this.#waiting.delete(message.id);
    const wasSilent = this.#unanswered >= silentTicks;
    this.#alive = true;
    this.#unanswered = 0;
    this.#cancelled = false;
    if (wasSilent) this.#events.heard();
  }

  #tick(): void {
    if (!this.#alive || this.#waiting.size === 0) return;
    this.#unanswered++;
    if (this.#unanswered === silentTicks) this.#events.silent();
    if (this.#unanswered >= silentTicks && this.#cancelled) this.#events.abandoned();
    else this.#worker.postMessage({ kind: 'ping' } satisfies ToWorker, []);
  }
}
