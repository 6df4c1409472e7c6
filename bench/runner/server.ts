// Serves the benchmarks' pages, crossOriginIsolated, so that every contestant may use threads.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types: { [ending: string]: string } = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};
const pageHtml =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Benchmark</title><link rel="icon" href="data:,">' +
  '<script type="module" src="/page.mjs"></script></html>';

export interface BenchServer {
  origin: string;
  /** Files are kept by the browser for ten minutes, as hosts of static pages commonly ask, or fetched anew by each visit. */
  cached: boolean;
  close(): void;
}

/** `mounts`: address prefix and folder, the longest prefix first; /page.html is the page of a visit. */
export async function startBenchServer(mounts: readonly [string, string][]): Promise<BenchServer> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Cache-Control', running.cached ? 'max-age=600' : 'no-store');
    if (path === '/page.html') {
      response.setHeader('Content-Type', 'text/html');
      return void response.end(pageHtml);
    }
    const [prefix, folder] = mounts.find(([start]) => path.startsWith(start)) ?? ['', ''];
    readFile(join(folder, path.slice(prefix.length))).then(
      (content) => {
        response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
        response.end(content);
      },
      () => {
        response.writeHead(404);
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const running: BenchServer = {
    origin: `http://127.0.0.1:${address.port}`,
    cached: false,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return running;
}
