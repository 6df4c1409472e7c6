import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../../web/server/static-server.ts';
import type { RunningServer } from '../../../web/server/static-server.ts';

let base: string;
let server: RunningServer;
let plain: RunningServer;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'sortlab-server-'));
  const root = join(base, 'root');
  mkdirSync(join(root, 'assets'), { recursive: true });
  mkdirSync(join(root, 'below'));
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'below', 'index.html'), 'below');
  writeFileSync(join(root, 'assets', 'page-1234.js'), 'export {};');
  writeFileSync(join(root, 'module.wasm'), 'wasm');
  writeFileSync(join(root, 'ä b.txt'), 'text');
  writeFileSync(join(base, 'secret.txt'), 'secret');
  symlinkSync(join(base, 'secret.txt'), join(root, 'link.txt'));
  server = await startServer({ root, port: 0 });
  plain = await startServer({ root, port: 0, plain: true });
});

afterAll(async () => {
  await server.close();
  await plain.close();
  rmSync(base, { recursive: true });
});

/** As it is written, where fetch would tidy the path. */
function rawStatus(path: string): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('static server', () => {
  it.each([
    ['', 'text/html; charset=utf-8'],
    ['assets/page-1234.js', 'text/javascript; charset=utf-8'],
    ['module.wasm', 'application/wasm'],
    ['%C3%A4%20b.txt', 'text/plain; charset=utf-8'],
    ['below/', 'text/html; charset=utf-8'],
  ])('serves /%s as %s', async (path, type) => {
    const response = await fetch(server.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
  });

  it('sends the policy and the headers that threads need, unless it is plain', async () => {
    const { headers } = await fetch(`${server.url}assets/page-1234.js`);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval'");
    const bare = (await fetch(plain.url)).headers;
    for (const name of ['cross-origin-opener-policy', 'cross-origin-embedder-policy', 'content-security-policy']) {
      expect(bare.get(name)).toBeNull();
    }
  });

  it('lets hashed files be kept for ever and asks about the others each time', async () => {
    expect((await fetch(`${server.url}assets/page-1234.js`)).headers.get('cache-control')).toContain('immutable');
    const page = await fetch(server.url);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const again = await fetch(server.url, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/below/../../secret.txt',
    '/link.txt',
    '/assets/',
    '/nothing',
  ])('does not find %s', async (path) => {
    expect(await rawStatus(path)).toBe(404);
  });

  it.each(['/%', '/%00', 'http://example.org/'])('refuses the address %s', async (path) => {
    expect(await rawStatus(path)).toBe(400);
  });

  it('adds the slash that a folder needs, on this host', async () => {
    const response = await fetch(`${server.url}below?x=1`, { redirect: 'manual' });
    expect(response.status).toBe(301);
    expect(response.headers.get('location')).toBe('/below/?x=1');
  });

  it('takes the next port where one is taken', async () => {
    const taken = Number(new URL(server.url).port);
    const next = await startServer({ root: join(base, 'root'), port: taken });
    expect(Number(new URL(next.url).port)).toBeGreaterThan(taken);
    await next.close();
  });

  it('refuses other methods, and a root that is not there', async () => {
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(405);
    await expect(startServer({ root: join(base, 'none'), port: 0 })).rejects.toThrow('scripts/build');
  });
});
