// The content security policy holds in the page and in workers, from a server that sends it and from one that does not.
// Tried from served scripts: what Playwright itself runs in a page is exempt from the policy.
import { readFileSync, writeFileSync } from 'node:fs';
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
fetch('https://example.org/').then(() => report('fetch', false), () => report('fetch', true));
const worker = new Worker('./attempt-worker.js', { type: 'module' });
worker.onmessage = ({ data }) => { for (const [name, stopped] of Object.entries(data)) report('worker-' + name, stopped); };
`;
const workerAttempts = `
const results = {};
try { (0, eval)('1'); results.eval = false; } catch { results.eval = true; }
try { new Function('return 1')(); results.function = false; } catch { results.function = true; }
try { await fetch('https://example.org/'); results.fetch = false; } catch { results.fetch = true; }
try { await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); results.wasm = false; } catch { results.wasm = true; }
postMessage(results);
`;

function addAttempts(folder: string): void {
  writeFileSync(join(folder, 'attempt.js'), attempts);
  writeFileSync(join(folder, 'attempt-worker.js'), workerAttempts);
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
  workerEval: 'stopped',
  workerFunction: 'stopped',
  workerFetch: 'stopped',
  workerWasm: 'ran',
};

for (const plain of [false, true]) {
  test(`eval, inline and foreign addresses are stopped, ${plain ? 'by the service worker' : 'by the server'}`, async ({
    page,
  }) => {
    const site = await startSite({ plain, change: addAttempts });
    try {
      await page.goto(site.address);
      await page.waitForFunction(() => window.crossOriginIsolated && navigator.serviceWorker.controller, undefined, {
        timeout: 30_000,
      });
      // Also what came from the stored version is held to it.
      await page.reload();
      await expect(page.locator('html')).toHaveAttribute('data-worker-wasm', /./, { timeout: 15_000 });
      await expect(page.locator('html')).toHaveAttribute('data-fetch', /./);
      expect(await page.evaluate(() => ({ ...document.documentElement.dataset }))).toMatchObject(stopped);
    } finally {
      await site.close();
    }
  });
}
