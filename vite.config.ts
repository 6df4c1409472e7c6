// The page: dist/ is what a plain static host serves, from any folder.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { builtModules, readBuiltModules } from './web/bundle/built-modules.ts';
import { filesBelow, hashOf } from './web/bundle/content-hash.ts';
import { downloadSize } from './web/bundle/download-size.ts';
import { notices } from './web/bundle/notices.ts';
import { policyMeta } from './web/bundle/policy-meta.ts';
import { securityHeaders } from './web/shared/security-headers.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const modules = readBuiltModules(`${root}build/wasm`);
const topFiles = ['index.html', 'package-lock.json', 'vite.config.ts'];
const buildId = hashOf([
  ...filesBelow(`${root}web/`),
  ...modules.files,
  ...topFiles.map((file) => [file, readFileSync(root + file)] as const),
]);
const define = { __BUILD_ID__: JSON.stringify(buildId), __WASM_FOLDER__: JSON.stringify(modules.folder) };

export default defineConfig({
  root,
  base: './',
  publicDir: 'web/public',
  define,
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { headers: Object.fromEntries(securityHeaders.filter(([name]) => name !== 'Content-Security-Policy')) },
  plugins: [
    preact({ devToolsEnabled: false }),
    policyMeta(),
    builtModules(modules),
    notices(root),
    downloadSize(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'web/sw',
      filename: 'sw.ts',
      outDir: 'dist',
      // Written by hand: web/public/manifest.webmanifest and web/sw/register.ts.
      manifest: false,
      injectRegister: false,
      injectManifest: {
        // One set of everything; the defaults leave out WebAssembly and files over 2 MiB.
        globPatterns: ['**/*'],
        globIgnores: ['sw.js'],
        // Their names carry a hash: what the page has just downloaded is taken from the browser's own cache.
        dontCacheBustURLsMatching: /^(assets|wasm-[0-9a-f]+)\//,
        maximumFileSizeToCacheInBytes: 64 * 1024 * 1024,
        rollupFormat: 'iife',
      },
    }),
  ],
});
