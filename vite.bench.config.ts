// The benchmarks' browser side: bench/peer/, the engine as a contestant, becomes build/bench/peer.mjs and a worker, beside
// the bench modules; bench/page/ becomes the page of a visit and the other contestants.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const entries = (folder: string, names: string[]) => names.map((name) => [name, `${root}bench/${folder}/${name}.ts`]);

export default defineConfig({
  root,
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'build/bench',
    emptyOutDir: false, // the modules lie there
    lib: {
      entry: Object.fromEntries([
        ...entries('peer', ['peer', 'peer-worker']),
        ...entries('page', ['page', 'tfjs', 'onnxruntime', 'onnxruntime-training']),
      ]) as { [name: string]: string },
      formats: ['es'],
    },
    rolldownOptions: {
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
    },
  },
});
