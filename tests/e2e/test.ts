// What every end-to-end test stands on: a site of its own, and a page that is watched for errors and for requests that
// leave the site.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
import { startServer } from '../../web/server/static-server.ts';
import type { RunningServer } from '../../web/server/static-server.ts';
import { Road } from './road.ts';

export { expect } from '@playwright/test';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

export interface Site extends RunningServer {
  /** Where index.html is. */
  address: string;
  /** The files that are served: change them and the site changes. */
  folder: string;
}

export interface SiteOptions {
  /** As a host that sends no headers of ours. */
  plain?: boolean;
  /** 'a/b' serves the page below /a/b/. */
  below?: string;
  /** Changes the copy before it is served. */
  change?: (folder: string) => void;
}

/** A copy of dist/ on a port of its own, so that no service worker is left over from another test. */
export async function startSite({ plain = false, below = '', change }: SiteOptions = {}): Promise<Site> {
  const root = mkdtempSync(join(tmpdir(), 'sortlab-site-'));
  const folder = join(root, below);
  cpSync(dist, folder, { recursive: true });
  change?.(folder);
  const server = await startServer({ root, port: 0, plain });
  return {
    ...server,
    address: new URL(below === '' ? '' : `${below}/`, server.url).href,
    folder,
    async close() {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

interface Watch {
  /** Errors the test expects: texts that its messages contain. */
  allow(...texts: string[]): void;
}

interface Fixtures {
  siteOptions: SiteOptions;
  site: Site;
  watch: Watch;
  road: Road;
}

export const test = base.extend<Fixtures>({
  siteOptions: [{}, { option: true }],
  site: async ({ siteOptions }, use) => {
    const site = await startSite(siteOptions);
    await use(site);
    await site.close();
  },
  watch: async ({ context, site }, use, info) => {
    const problems: string[] = [];
    const allowed: string[] = [];
    const outside: string[] = [];
    const origin = new URL(site.address).origin;
    context.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    context.on('weberror', (error) => problems.push(error.error().message));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol !== 'blob:') outside.push(request.url());
    });
    await use({ allow: (...texts) => allowed.push(...texts) });
    const unexpected = problems.filter((text) => !allowed.some((part) => text.includes(part)));
    if (info.status !== info.expectedStatus) return;
    base.expect(unexpected, 'errors on the console').toEqual([]);
    base.expect(outside, 'requests that left the site').toEqual([]);
  },
  // Every test that walks the road is watched.
  road: async ({ page, site, watch: _watch }, use) => {
    await use(new Road(page, site));
  },
});
