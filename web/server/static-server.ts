// Serves one folder: right types, our headers, nothing outside the folder.
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { securityHeaders } from '../shared/security-headers.ts';

export interface ServerOptions {
  root: string;
  /** Taken: the next free one of the 20 after it. 0: any. */
  port: number;
  host?: string;
  /** As a host that sends no headers of ours. */
  plain?: boolean;
}

export interface RunningServer {
  /** With a slash at its end. */
  url: string;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.zip': 'application/zip',
};
/** Folders whose file names or own name carry a hash of the content. */
const immutable = /\/(assets|wasm-[0-9a-f]+)\//;

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = '127.0.0.1' } = options;
  const root = await realpath(options.root).catch(() => {
    throw new Error(`the folder ${options.root} is not there: run scripts/build first`);
  });
  const server = createServer((request, response) => {
    answer(root, options.plain ?? false, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await listenOnFreePort(server, options.port, host);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listenOnFreePort(server: Server, first: number, host: string): Promise<void> {
  for (let port = first; ; port++) {
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen(port, host, () => {
        server.off('error', resolve);
        resolve(undefined);
      });
    });
    if (!error) return;
    if (error.code !== 'EADDRINUSE' || port >= Math.min(first + 20, 65535)) throw error;
  }
}

async function answer(root: string, plain: boolean, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!plain) for (const [name, value] of securityHeaders) response.setHeader(name, value);
  const refuse = (status: number, text: string) => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(`${text}\n`);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'only GET and HEAD');

  const target = request.url ?? '/';
  const query = target.indexOf('?');
  const path = decoded(query < 0 ? target : target.slice(0, query));
  if (path === undefined || !path.startsWith('/') || path.includes('\0')) return refuse(400, 'bad address');
  const file = await findFile(root, path);
  if (file === undefined) return refuse(404, 'not found');
  if (file === 'folder') {
    // Encoded again, and one leading slash only: the header stays one line, on this host.
    const location = encodeURI(path).replace(/^\/+/, '/') + '/' + (query < 0 ? '' : target.slice(query));
    response.setHeader('Location', location);
    return refuse(301, 'moved');
  }

  response.setHeader('Content-Type', types[extname(file.path).toLowerCase()] ?? 'application/octet-stream');
  response.setHeader('Cache-Control', immutable.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('ETag', file.tag);
  if (request.headers['if-none-match'] === file.tag) {
    response.writeHead(304);
    response.end();
    return;
  }
  response.setHeader('Content-Length', file.size);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const stream = createReadStream(file.path);
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}

interface FoundFile {
  path: string;
  size: number;
  tag: string;
}

/** The file a path stands for, below `root` also after following links; 'folder' where the path lacks its last slash. */
async function findFile(root: string, path: string): Promise<FoundFile | 'folder' | undefined> {
  try {
    const real = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path));
    if (real !== root && !real.startsWith(root + sep)) return undefined;
    const status = await stat(real);
    if (status.isDirectory()) return 'folder';
    if (!status.isFile()) return undefined;
    return {
      path: real,
      size: status.size,
      tag: `"${status.size.toString(36)}-${Math.round(status.mtimeMs).toString(36)}"`,
    };
  } catch {
    return undefined;
  }
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
