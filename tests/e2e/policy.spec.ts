// The content security policy holds in the page and in workers, from a server that sends it and from one that does not.
// Tried from served scripts: what Playwright itself runs in a page is exempt from the policy.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, startSite, test } from './test.ts';

// Each attempt writes whether it was stopped into the document.
const attempts = `
const report = (name, stopped) => document.documentElement.setAttribute('data-' + name, stopped ? 'stopped' : 'ran');
try { (0, eval)('1'); report('eval', false); } catch { report('eval', true); }
try { new Function('return 1')(); report('function', false); } catch { report('function', true); }
const inline = document.createElement('script');
inline.textContent = "document.documentElement.setAttribute('data-inline', 'ran')";
report('inline', true);
document.head.append(inline);
const style = document.createElement('style');
style.textContent = ':root { --from-inline-style: 1 }';
document.head.append(style);
report('style', getComputedStyle(document.documentElement).getPropertyValue('--from-inline-style') === '');
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  if (blockedURI.startsWith(foreign)) document.documentElement.setAttribute('data-violation', effectiveDirective);
});
fetch(foreign + 'page').then(() => report('fetch', false), () => report('fetch', true));
const worker = new Worker('./attempt-worker.js', { type: 'module' });
worker.onmessage = ({ data }) => { for (const [name, stopped] of Object.entries(data)) report('worker-' + name, stopped); };
`;
const workerAttempts = `
const results = {};
try { (0, eval)('1'); results.eval = false; } catch { results.eval = true; }
try { new Function('return 1')(); results.function = false; } catch { results.function = true; }
try { await fetch(foreign + 'worker'); results.fetch = false; } catch { results.fetch = true; }
try { await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); results.wasm = false; } catch { results.wasm = true; }
postMessage(results);
`;

/** Answers whoever asks: a fetch from the site fails by its own policy, or not at all. */
async function foreignServer(): Promise<{ address: string; asked: string[]; close(): void }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.end('here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, asked, close: () => (server.closeAllConnections(), server.close()) };
}

function addAttempts(folder: string, foreign: string): void {
  const address = `const foreign = ${JSON.stringify(foreign)};`;
  writeFileSync(join(folder, 'attempt.js'), address + attempts);
  writeFileSync(join(folder, 'attempt-worker.js'), address + workerAttempts);
  const page = join(folder, 'index.html');
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace('</head>', '<script type="module" src="./attempt.js"></script></head>'),
  );
}

const stopped = {
  eval: 'stopped',
  function: 'stopped',
  inline: 'stopped',
  style: 'stopped',
  fetch: 'stopped',
  violation: 'connect-src',
  workerEval: 'stopped',
  workerFunction: 'stopped',
  workerFetch: 'stopped',
  workerWasm: 'ran',
};

for (const plain of [false, true]) {
  test(`eval, inline and foreign addresses are stopped, ${plain ? 'by the service worker' : 'by the server'}`, async ({
    page,
  }) => {
    const foreign = await foreignServer();
    const site = await startSite({ plain, change: (folder) => addAttempts(folder, foreign.address) });
    try {
      await page.goto(site.address);
      await page.waitForFunction(() => window.crossOriginIsolated && navigator.serviceWorker.controller, undefined, {
        timeout: 30_000,
      });
      // Also what came from the stored version is held to it.
      foreign.asked.length = 0; // a host without headers has no policy on the very first visit
      await page.reload();
      await expect(page.locator('html')).toHaveAttribute('data-worker-wasm', /./, { timeout: 15_000 });
      await expect(page.locator('html')).toHaveAttribute('data-fetch', /./);
      expect(await page.evaluate(() => ({ ...document.documentElement.dataset }))).toMatchObject(stopped);
      expect(foreign.asked, 'requests that reached the foreign server').toEqual([]);
      expect(await (await fetch(foreign.address)).text(), 'the foreign server').toBe('here');
    } finally {
      foreign.close();
      await site.close();
    }
  });
}
