// Prints what a first visit downloads.
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

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
        ...modules.map((file) => `${file.replace(/\.wasm$/, '')} ${kib([file, file.replace(/\.wasm$/, '.js')])} KiB`),
      ];
      // To stderr whatever the log level: the size of the page is a promise.
      process.stderr.write(lines.map((line) => `sortlab: gzip: ${line}\n`).join(''));
    },
  };
}
