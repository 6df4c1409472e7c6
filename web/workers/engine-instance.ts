// One engine in one WebAssembly memory. The memory is made for what it must hold and never grows where it is shared; for
// more, a new instance takes over and this one is dropped whole.
import type { EngineChoice, EngineInfo } from '../shared/engine-types.ts';
import { engineErrors, threadNotes } from '../shared/messages.ts';
import type { EngineEnvironment } from './engine-environment.ts';
import { createModule } from './load-module.ts';
import { engineFile, type Engine, type EngineModule, type ModuleFactory } from './module-types.ts';

export const maxThreads = 8; // gradients are summed over eight slots: more threads would wait

const pageBytes = 65_536;
const maxPages = 65_536;
// The plan counts the run, the photos and the model in use. Besides: data of the code, the main stack, hashes, the last
// block of photos, rows of an evaluation, some photos or a camera's picture on their way. What asks for more is refused,
// or takes the memory of a run that is over.
const baseBytes = 12 * 2 ** 20;
const threadBytes = 2 ** 19; // a stack each

/** Which file runs, on how many threads, and why not on more. `threads` 0: one per core. */
export async function chooseEngine(
  environment: EngineEnvironment,
  choice: EngineChoice,
  threads: number,
): Promise<EngineInfo> {
  const engine = choice === 'auto' ? ((await environment.hasRelaxedSimd()) ? 'relaxed' : 'simd') : choice;
  const wanted = threads === 0 ? Math.min(maxThreads, environment.cores) : threads;
  const one = (threadsNote: string): EngineInfo => ({ engine, threads: 1, threadsNote });
  if (threads === 1) return one('');
  if (environment.ios) return one(threadNotes.ios);
  if (!environment.isolated) return one(threadNotes.notIsolated);
  if (wanted <= 1) return one(threadNotes.oneCore);
  return { engine, threads: wanted, threadsNote: '' };
}

/** Bytes of memory for a plan of `planBytes`. */
export function memoryBytes(planBytes: number, threads: number): number {
  return Math.ceil((baseBytes + threads * threadBytes + planBytes) / pageBytes) * pageBytes;
}

export interface EngineInstance {
  engine: Engine;
  /** Planned size; 0: the module's own small memory, for questions only. */
  bytes: number;
  drop(): void;
}

export class EngineMaker {
  readonly info: EngineInfo;
  readonly #factory: ModuleFactory<EngineModule>;
  readonly #wasmUrl: string;

  private constructor(info: EngineInfo, factory: ModuleFactory<EngineModule>, wasmUrl: string) {
    this.info = info;
    this.#factory = factory;
    this.#wasmUrl = wasmUrl;
  }

  static async load(
    environment: EngineEnvironment,
    choice: EngineChoice,
    threads: number,
    wasmUrl: string,
  ): Promise<EngineMaker> {
    return EngineMaker.#of(environment, await chooseEngine(environment, choice, threads), wasmUrl);
  }

  /** The same engine on one thread, for a browser that does not start the workers it promised. */
  onOneThread(environment: EngineEnvironment): Promise<EngineMaker> {
    const info = { ...this.info, threads: 1, threadsNote: threadNotes.notStarted };
    return EngineMaker.#of(environment, info, this.#wasmUrl);
  }

  static async #of(environment: EngineEnvironment, info: EngineInfo, wasmUrl: string): Promise<EngineMaker> {
    const factory = await environment.importEngine(wasmUrl, engineFile(info.engine, info.threads > 1));
    return new EngineMaker(info, factory, wasmUrl);
  }

  /** bytes 0: the module's own memory. Error: out-of-memory. */
  async make(bytes: number): Promise<EngineInstance> {
    const shared = this.info.threads > 1;
    const wasmMemory = bytes === 0 ? undefined : makeMemory(bytes, shared);
    const module = await createModule(this.#factory, engineFile(this.info.engine, shared), {
      locateFile: (file) => new URL(file, this.#wasmUrl).href,
      pthreadPoolSize: this.info.threads - 1,
      ...(wasmMemory === undefined ? {} : { wasmMemory }),
    });
    const engine = new module.Engine(this.info.threads);
    return {
      engine,
      bytes,
      drop: () => {
        try {
          engine.delete();
        } catch {
          // trapped before: its memory goes with it
        }
        module.PThread?.terminateAllThreads();
      },
    };
  }
}

/** initial = maximum where shared; else the plan, and room to grow should it be off. */
function makeMemory(bytes: number, shared: boolean): WebAssembly.Memory {
  const initial = bytes / pageBytes;
  if (initial > maxPages) throw engineErrors.noMemory(bytes);
  try {
    return new WebAssembly.Memory({ initial, maximum: shared ? initial : maxPages, shared });
  } catch {
    throw engineErrors.noMemory(bytes);
  }
}
