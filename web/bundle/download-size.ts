// Prints what a first visit downloads.
import { constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** What a variant of the engine may weigh at most, gzipped. */
const ENGINE_LIMIT_KIB = 100;
const compressed = (content: string | Uint8Array) =>
  gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).length / 1024;

/** One line a wasm module of the engine; throws where one is over its budget. */
export function engineBudget(modules: Iterable<[file: string, content: string | Uint8Array]>): string[] {
  const sizes = Array.from(modules, ([file, content]) => ({ file, kib: compressed(content) }));
  const over = sizes.filter(({ kib }) => kib > ENGINE_LIMIT_KIB);
  if (over.length > 0) {
    const names = over.map(({ file, kib }) => `${file} ${kib.toFixed(1)} KiB`).join(', ');
    throw new Error(`over the engine's budget of ${ENGINE_LIMIT_KIB} KiB: ${names}`);
  }
  return sizes.map(({ file, kib }) => `${file} ${kib.toFixed(1)} KiB, within its budget of ${ENGINE_LIMIT_KIB}`);
}

export function downloadSize(): Plugin {
  return {
    name: 'sortlab-download-size',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const contentOf = (file: string) => {
        const item = bundle[file];
        return item === undefined ? '' : item.type === 'chunk' ? item.code : item.source;
      };
      const kib = (files: Iterable<string>) =>
        (Array.from(files, (file) => gzipSync(contentOf(file)).length).reduce((a, b) => a + b, 0) / 1024).toFixed(1);

      const page = new Set<string>();
      const visit = (file: string) => {
        const chunk = bundle[file];
        if (page.has(file) || chunk?.type !== 'chunk') return;
        page.add(file);
        for (const css of chunk.viteMetadata?.importedCss ?? []) page.add(css);
        chunk.imports.forEach(visit);
      };
      for (const item of Object.values(bundle)) if (item.type === 'chunk' && item.isEntry) visit(item.fileName);
      if ('index.html' in bundle) page.add('index.html');

      const modules = Object.keys(bundle).filter((name) => name.endsWith('.wasm'));
      const workers = Object.keys(bundle).filter((name) => /^assets\/.*worker.*\.js$/.test(name));
      const lines = [
        `page without lazy parts ${kib(page)} KiB`,
        ...workers.map((file) => `${file} ${kib([file])} KiB`),
        ...engineBudget(modules.filter((file) => file.includes('engine-')).map((file) => [file, contentOf(file)])),
        ...modules.map((file) => `${file.replace(/\.wasm$/, '')} ${kib([file, file.replace(/\.wasm$/, '.js')])} KiB`),
      ];
      // To stderr whatever the log level: the size of the page is a promise.
      process.stderr.write(lines.map((line) => `sortlab: gzip: ${line}\n`).join(''));
    },
  };
}
