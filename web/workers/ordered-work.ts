// Many pieces of work under way at once, handed out in order.
import { cancelledError } from '../shared/call.ts';
import type { CallContext } from '../shared/protocol.ts';

/** Runs `work(0)`, `work(1)`, … with at most `window` results started and not yet taken; next() gives them in order. */
export class OrderedWork<T> {
  readonly #count: number;
  readonly #window: number;
  readonly #work: (index: number) => Promise<T>;
  readonly #started: Promise<T>[] = [];
  #next = 0;

  constructor(count: number, window: number, work: (index: number) => Promise<T>) {
    this.#count = count;
    this.#window = Math.max(1, window);
    this.#work = work;
  }

  /** May be called `count` times. */
  next(): Promise<T> {
    while (this.#next < this.#count && this.#started.length < this.#window) {
      const result = this.#work(this.#next++);
      result.catch(() => undefined); // reported when it is its turn
      this.#started.push(result);
    }
    return this.#started.shift() ?? Promise.reject(new RangeError('no work is left'));
  }
}

/** Waits for things only as long as the caller does: with(x) is x, or the error "cancelled" the moment they give up. */
export class CancelRace {
  readonly #cancelled: Promise<never>;
  constructor(context: Pick<CallContext<never>, 'onCancel'>) {
    this.#cancelled = new Promise((_, reject) => context.onCancel(() => reject(cancelledError())));
    this.#cancelled.catch(() => undefined);
  }
  with<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([this.#cancelled, promise]);
  }
}
