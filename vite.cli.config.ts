// The command line: web/cli/sortlab.ts and its worker threads become build/cli/*.mjs, with everything but Node inside.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { filesBelow, hashOf } from './web/bundle/content-hash.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const entries = readdirSync(`${root}web/cli`).filter((file) => /^(sortlab|.*-thread)\.ts$/.test(file));
const buildId = hashOf([...filesBelow(`${root}web/`), ['package-lock.json', readFileSync(`${root}package-lock.json`)]]);

export default defineConfig({
  root,
  publicDir: false,
  define: { __BUILD_ID__: JSON.stringify(buildId), __WASM_FOLDER__: JSON.stringify('../wasm') },
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'build/cli',
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(entries.map((file) => [file.replace(/\.ts$/, ''), `${root}web/cli/${file}`])),
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
});
