// The built WebAssembly modules and their way into dist/.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { hashOf } from './content-hash.ts';

const variants = ['simd', 'relaxed', 'simd-mt', 'relaxed-mt'];
const names = ['decode', 'example', ...variants.map((variant) => `engine-${variant}`)];

export interface BuiltModules {
  folder: string;
  files: Map<string, Uint8Array>;
}

/**
 * Reads every module of `folder` (build/wasm). A missing one is an error that says what to run, unless the environment
 * sets SORTLAB_WITHOUT_WASM=1, for work on the page alone.
 */
export function readBuiltModules(folder: string): BuiltModules {
  const wanted = names.flatMap((name) => [`${name}.js`, `${name}.wasm`]);
  const missing = wanted.filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0 && process.env['SORTLAB_WITHOUT_WASM'] !== '1') {
    throw new Error(`${folder} lacks ${missing.join(', ')}: run scripts/build first, or set SORTLAB_WITHOUT_WASM=1`);
  }
  const present = wanted.filter((file) => !missing.includes(file));
  const files = new Map(present.map((file) => [file, new Uint8Array(readFileSync(join(folder, file)))]));
  return { folder: `wasm-${hashOf([...files])}`, files };
}

/**
 * Copies the modules as they are: bundled, the threaded ones would start themselves for ever, because each thread loads
 * the file that the bundler merged with the page (emscripten #20934).
 */
export function builtModules(modules: BuiltModules): Plugin {
  return {
    name: 'sortlab-built-modules',
    generateBundle() {
      for (const [file, source] of modules.files) {
        this.emitFile({ type: 'asset', fileName: `${modules.folder}/${file}`, source });
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        const file = modules.files.get(path.slice(path.lastIndexOf('/') + 1));
        if (!file || !path.startsWith(`/${modules.folder}/`)) return next();
        response.setHeader('Content-Type', path.endsWith('.wasm') ? 'application/wasm' : 'text/javascript');
        response.end(file);
      });
    },
  };
}
