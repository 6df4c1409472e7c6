// Loads a built module. Modules are served unbundled beside the page and imported by address.
import { engineErrors } from '../shared/messages.ts';
import type { DecodeModule, ExampleModule, ModuleFactory, ModuleOptions } from './module-types.ts';

/** The default export of `file` below `wasmUrl`. */
export async function importFactory<M>(wasmUrl: string, file: string): Promise<ModuleFactory<M>> {
  try {
    const module = (await import(/* @vite-ignore */ new URL(file, wasmUrl).href)) as { default: ModuleFactory<M> };
    return module.default;
  } catch (error) {
    throw engineErrors.loadFailed(file, error instanceof Error ? error.message : String(error));
  }
}

/** One instance. Error: the file could not be loaded. */
export async function createModule<M>(factory: ModuleFactory<M>, file: string, options: ModuleOptions): Promise<M> {
  try {
    return await factory(options);
  } catch (error) {
    throw engineErrors.loadFailed(file, error instanceof Error ? error.message : String(error));
  }
}

async function loadModule<M>(wasmUrl: string, file: string): Promise<M> {
  return createModule(await importFactory<M>(wasmUrl, file), file, {});
}
export const loadDecodeModule = (wasmUrl: string): Promise<DecodeModule> => loadModule(wasmUrl, 'decode.js');
export const loadExampleModule = (wasmUrl: string): Promise<ExampleModule> => loadModule(wasmUrl, 'example.js');
