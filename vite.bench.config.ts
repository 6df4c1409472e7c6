// The contestant of the benchmarks: bench/peer/ becomes build/bench/peer.mjs and its worker, beside the bench modules.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const entry = (name: string) => `${root}bench/peer/${name}.ts`;

export default defineConfig({
  root,
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'build/bench',
    emptyOutDir: false, // the modules lie there
    lib: { entry: { peer: entry('peer'), 'peer-worker': entry('peer-worker') }, formats: ['es'] },
    rolldownOptions: {
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
});
