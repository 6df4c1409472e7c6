// The same data and engine code as the page's workers, in this process; photos are decoded in worker threads.
import { availableParallelism } from 'node:os';
import type { CallOptions } from '../shared/call.ts';
import type { DataApi, DataPlan, DataSource, ImportProgress, ImportResult } from '../shared/data-api.ts';
import type { EngineApi } from '../shared/engine-api.ts';
import type { EngineInfo, Fit, ModelInfo } from '../shared/engine-types.ts';
import { openSource } from '../data/open-source.ts';
import { wasmFolder } from '../shared/build.ts';
import { cancelledError } from '../shared/call.ts';
import { modelFileError } from '../shared/messages.ts';
import { SortlabError, type CallContext, type Handlers } from '../shared/protocol.ts';
import { DataHost, type Inspection } from '../workers/data-host.ts';
import { platformEnvironment } from '../workers/engine-environment.ts';
import { EngineHost } from '../workers/engine-host.ts';
import { maxThreads } from '../workers/engine-instance.ts';
import type { CommonOptions } from './arguments.ts';
import { startDecodeThread } from './node-port.ts';

type Options<Progress> = Pick<CallOptions<Progress>, 'onProgress' | 'signal'>;

/** The context of a call that crosses no port. */
export function localContext<Progress>({ onProgress, signal }: Options<Progress>): CallContext<Progress> {
  return {
    progress: (value) => onProgress?.(value),
    get cancelled() {
      return signal?.aborted === true;
    },
    throwIfCancelled: () => {
      if (signal?.aborted === true) throw cancelledError();
    },
    onCancel: (listener) => signal?.addEventListener('abort', listener),
    transfer: () => undefined,
  };
}

export class Session {
  readonly engine: Handlers<EngineApi>;
  readonly #data: DataHost;
  readonly #dataCalls: Handlers<DataApi>;
  readonly #wasmUrl = new URL(wasmFolder, import.meta.url).href;

  constructor(options: CommonOptions) {
    this.engine = new EngineHost(platformEnvironment(), () => {
      throw new SortlabError('internal', 'Ports are not used here.');
    }).handlers();
    this.#data = new DataHost(
      startDecodeThread,
      () => ({
        beginDataset: async (params) => this.engine.beginDataset(params, localContext({})),
        addPhotos: async (params) => this.engine.addPhotos(params, localContext({})),
        stop: () => undefined,
      }),
      openSource,
    );
    this.#dataCalls = this.#data.handlers();
    this.#data.attachEngine(null);
    this.#data.start(this.#wasmUrl, Math.min(maxThreads, options.threads || availableParallelism()));
  }

  async load({ engine, threads }: CommonOptions): Promise<EngineInfo> {
    return this.engine.load({ choice: engine, threads, wasmUrl: this.#wasmUrl }, localContext({}));
  }

  /** `atLeast`: classes needed. */
  async open(source: DataSource, atLeast: number): Promise<DataPlan> {
    return this.#data.open(source, localContext({}), atLeast);
  }
  async inspect(options: Options<{ done: number; total: number }>): Promise<Inspection> {
    return this.#data.inspect(localContext(options));
  }
  /** `classes`: those of a model, in its order. */
  async importPhotos(
    square: { size: number; fit: Fit; classes?: readonly string[] },
    options: Options<ImportProgress>,
  ): Promise<ImportResult> {
    return this.#dataCalls.import(square, localContext(options));
  }
  async decode(files: { name: string; file: Blob }[], square: { size: number; fit: Fit }) {
    return this.#dataCalls.decode({ files, ...square }, localContext({}));
  }

  /** Errors name the file. */
  async openModel(bytes: Uint8Array, path: string): Promise<ModelInfo> {
    try {
      return await this.engine.openModel({ bytes, name: path }, localContext({}));
    } catch (error) {
      throw error instanceof SortlabError ? modelFileError(error, path) : error;
    }
  }
}
