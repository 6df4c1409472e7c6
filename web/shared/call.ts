// Numbered calls over a Port: `serve` answers them, `connect` makes them. See protocol.ts for the messages.
import {
  SortlabError,
  type Call,
  type CallContext,
  type ErrorCode,
  type FromWorker,
  type Handlers,
  type Port,
  type ToWorker,
  type WireError,
} from './protocol.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- `any` stands for "whatever the method declares" */
export type ParamsOf<C> = C extends Call<infer P, any, any> ? P : never;
export type ResultOf<C> = C extends Call<any, infer R, any> ? R : never;
export type ProgressOf<C> = C extends Call<any, any, infer G> ? G : never;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** The part of AbortSignal that is used; this zone has no DOM types. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface CallOptions<Progress = never> {
  /** Aborting asks the other side to end the call; the promise settles with its answer (usually the error "cancelled"). */
  signal?: CancelSignal | undefined;
  onProgress?: ((value: Progress) => void) | undefined;
  /** Buffers and ports of the params to hand over instead of copying. */
  transfer?: readonly unknown[] | undefined;
}

export interface Client<A> {
  call<M extends keyof A & string>(
    method: M,
    params: ParamsOf<A[M]>,
    options?: CallOptions<ProgressOf<A[M]>>,
  ): Promise<ResultOf<A[M]>>;
  /** The other side is gone: rejects what is pending, and every later call, with "worker-stopped" and this sentence. */
  stop(message: string): void;
}

const errorCodes: readonly ErrorCode[] = [
  'invalid-argument',
  'invalid-data',
  'unsupported',
  'truncated',
  'too-large',
  'out-of-memory',
  'diverged',
  'cancelled',
  'worker-stopped',
  'internal',
];

/** Anything thrown, as it travels. An error that carries a known code keeps it; all else is "internal". */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof Error) {
    const { code, subject } = thrown as { code?: unknown; subject?: unknown };
    const known = errorCodes.find((candidate) => candidate === code);
    const wire: WireError = {
      code: known ?? 'internal',
      message: known === undefined ? `Something went wrong inside Sortlab: ${thrown.message}` : thrown.message,
      subject: typeof subject === 'string' ? subject : '',
    };
    if (thrown instanceof SortlabError && thrown.skipped.length > 0) wire.skipped = thrown.skipped;
    if (thrown.stack !== undefined) wire.stack = thrown.stack;
    return wire;
  }
  return { code: 'internal', message: `Something went wrong inside Sortlab: ${String(thrown)}`, subject: '' };
}

/** The error as the caller sees it; the stack is the one of the other side. */
export function fromWireError(wire: WireError): SortlabError {
  const error = new SortlabError(wire.code, wire.message, wire.subject, wire.skipped);
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

export function cancelledError(): SortlabError {
  return new SortlabError('cancelled', 'Cancelled.');
}

class Context<Progress> implements CallContext<Progress> {
  readonly objects: unknown[] = [];
  readonly #listeners: (() => void)[] = [];
  readonly #report: (value: Progress) => void;
  cancelled = false;
  ended = false;

  constructor(report: (value: Progress) => void) {
    this.#report = report;
  }
  progress(value: Progress): void {
    if (!this.ended) this.#report(value);
  }
  throwIfCancelled(): void {
    if (this.cancelled) throw cancelledError();
  }
  onCancel(listener: () => void): void {
    if (this.cancelled) listener();
    else this.#listeners.push(listener);
  }
  transfer(...objects: unknown[]): void {
    this.objects.push(...objects);
  }
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const listener of this.#listeners) listener();
  }
}

type AnyHandler = (params: unknown, context: CallContext<unknown>) => unknown;

/** Answers calls on `port` with `handlers`, a plain object of methods. Calls may overlap; each is answered once. */
export function serve<A>(port: Port, handlers: Handlers<A>): void {
  const running = new Map<number, Context<unknown>>();
  const post = (message: FromWorker, transfer: readonly unknown[] = []): void => port.postMessage(message, transfer);

  const answer = async (id: number, method: string, params: unknown): Promise<void> => {
    const context = new Context<unknown>((value) => post({ kind: 'progress', id, value }));
    running.set(id, context);
    try {
      if (!Object.hasOwn(handlers, method)) {
        throw new SortlabError('invalid-argument', `There is no call named “${method}”.`);
      }
      const value = await (handlers as { [name: string]: AnyHandler })[method]?.(params, context);
      context.ended = true;
      post({ kind: 'result', id, value }, context.objects);
    } catch (thrown) {
      context.ended = true;
      post({ kind: 'error', id, error: toWireError(thrown) });
    } finally {
      running.delete(id);
    }
  };

  port.onMessage((data) => {
    const message = data as ToWorker;
    if (message.kind === 'call') void answer(message.id, message.method, message.params);
    else if (message.kind === 'cancel') running.get(message.id)?.cancel();
    else if (message.kind === 'ping') post({ kind: 'pong' });
  });
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onProgress: ((value: unknown) => void) | undefined;
  release(): void;
}

/** Makes calls to what is served at the other end of `port`. */
export function connect<A>(port: Port): Client<A> {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let stopped: SortlabError | null = null;

  port.onMessage((data) => {
    const message = data as FromWorker;
    if (message.kind === 'pong') return;
    const waiting = pending.get(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'progress') {
      waiting.onProgress?.(message.value);
      return;
    }
    pending.delete(message.id);
    waiting.release();
    if (message.kind === 'result') waiting.resolve(message.value);
    else waiting.reject(fromWireError(message.error));
  });

  const call = (method: string, params: unknown, options: CallOptions<unknown> = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (stopped !== null) return reject(stopped);
      const { signal, onProgress, transfer = [] } = options;
      if (signal?.aborted === true) return reject(cancelledError());
      const id = nextId++;
      const abort = (): void => port.postMessage({ kind: 'cancel', id } satisfies ToWorker, []);
      signal?.addEventListener('abort', abort);
      const release = (): void => signal?.removeEventListener('abort', abort);
      pending.set(id, { resolve, reject, onProgress, release });
      try {
        port.postMessage({ kind: 'call', id, method, params } satisfies ToWorker, transfer);
      } catch (thrown) {
        pending.delete(id);
        release();
        reject(fromWireError(toWireError(thrown)));
      }
    });

  const stop = (message: string): void => {
    stopped ??= new SortlabError('worker-stopped', message);
    for (const waiting of pending.values()) {
      waiting.release();
      waiting.reject(stopped);
    }
    pending.clear();
  };

  return { call: call as Client<A>['call'], stop };
}
