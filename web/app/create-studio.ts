import type { Studio } from '../engine/studio.ts';
import { WorkerStudio } from '../engine/worker-studio.ts';
import type { EngineChoice } from '../shared/engine-types.ts';

/** Folder of the built modules, named by what is in it. Written in by the build. */
declare const __WASM_FOLDER__: string | undefined;
const wasmFolder = typeof __WASM_FOLDER__ === 'string' ? __WASM_FOLDER__ : 'wasm';

/** Workers are named by literal URLs, so that the bundler finds them. */
export function createPageStudio(choice: EngineChoice, threads: number): Studio {
  return new WorkerStudio({
    engineWorker: () => new Worker(new URL('../workers/engine-worker.ts', import.meta.url), { type: 'module' }),
    dataWorker: () => new Worker(new URL('../workers/data-worker.ts', import.meta.url), { type: 'module' }),
    wasmUrl: new URL(`${wasmFolder}/`, document.baseURI).href,
    choice,
    threads,
  });
}
