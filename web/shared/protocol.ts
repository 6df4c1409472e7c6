// How page, workers and command line talk: numbered calls with progress, cancel and errors that are sentences.
// An API is a type that maps method names to Call<params, result, progress>; see engine-api.ts and data-api.ts.
import type { Skipped } from './data-api.ts';

export interface Call<Params, Result, Progress = never> {
  params: Params;
  result: Result;
  progress: Progress;
}

/**
 * Calls go this way. A `cancel` names the call it ends; that call then fails with code "cancelled". A `ping` asks whether
 * anybody is there.
 */
export type ToWorker =
  { kind: 'call'; id: number; method: string; params: unknown } | { kind: 'cancel'; id: number } | { kind: 'ping' };

/** Each call gets any number of `progress`, then exactly one `result` or `error`; each `ping` its `pong`. */
export type FromWorker =
  | { kind: 'pong' }
  | { kind: 'progress'; id: number; value: unknown }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'error'; id: number; error: WireError };

export type ErrorCode =
  | 'invalid-argument'
  | 'invalid-data'
  | 'unsupported'
  | 'truncated'
  | 'too-large'
  | 'out-of-memory'
  | 'diverged'
  | 'cancelled'
  | 'worker-stopped'
  | 'internal';

/** `message` is one plain sentence for people; `subject` is what it is about (a file, a class), possibly ''. */
export interface WireError {
  code: ErrorCode;
  message: string;
  subject: string;
  skipped?: readonly Skipped[];
  stack?: string;
}

export class SortlabError extends Error {
  readonly code: ErrorCode;
  readonly subject: string;
  /** Files left out on the way to this error, with their reasons. */
  readonly skipped: readonly Skipped[];
  constructor(code: ErrorCode, message: string, subject = '', skipped: readonly Skipped[] = []) {
    super(message);
    this.name = 'SortlabError';
    this.code = code;
    this.subject = subject;
    this.skipped = skipped;
  }
}

/** What postMessage offers, here and in Node; no DOM or worker types in this zone. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly unknown[]): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** Passed to a method: report progress, and look at `cancelled` between pieces of work. */
export interface CallContext<Progress> {
  progress(value: Progress): void;
  readonly cancelled: boolean;
  /** Throws the SortlabError "cancelled" when the caller gave up. */
  throwIfCancelled(): void;
  /** Calls the listener once when the caller gives up (at once if that has happened). */
  onCancel(listener: () => void): void;
  /** Objects of the result to hand over instead of copying. */
  transfer(...objects: unknown[]): void;
}

export type Handlers<A> = {
  [M in keyof A]: A[M] extends Call<infer P, infer R, infer G>
    ? (params: P, context: CallContext<G>) => R | Promise<R>
    : never;
};
