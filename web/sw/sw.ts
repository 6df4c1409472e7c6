// Keeps one complete version of the page for use without a network, and adds the headers that a plain host does not send.
import { PrecacheController } from 'workbox-precaching';
import { buildId } from '../shared/build.ts';
import { withSecurityHeaders } from './headers.ts';
import { skipWaitingMessage, startedMessage } from './messages.ts';
import { StartCounter } from './start-counter.ts';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

// One cache a version and a folder: a page never gets files of two versions, and two copies on a host do not meet.
const cachePrefix = 'sortlab-files-';
const cacheName = `${cachePrefix}${buildId}-${self.registration.scope}`;
const files = new PrecacheController({
  cacheName,
  // The headers go in before storing, so that answers from the cache are passed on untouched and keep the compiled code
  // that the browser stores with them.
  plugins: [{ cacheWillUpdate: async ({ response }) => (response.ok ? withSecurityHeaders(response) : null) }],
});
files.addToCacheList(self.__WB_MANIFEST);
const starts = new StartCounter(self.registration.scope);

self.addEventListener('install', (event) => {
  event.waitUntil(files.install(event));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([files.activate(event), self.clients.claim()]));
});

// A new version waits until the page asks for it, or until every tab is closed: never in the middle of training.
self.addEventListener('message', (event) => {
  if (event.data === skipWaitingMessage) void self.skipWaiting();
  if (event.data === startedMessage) event.waitUntil(starts.reset());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    event.respondWith(navigation(request));
    event.waitUntil(deleteOtherVersions());
  } else {
    event.respondWith(file(request));
  }
});

async function file(request: Request): Promise<Response> {
  const stored = (await files.matchPrecache(request.url)) ?? (await caches.match(request.url));
  return stored ?? withSecurityHeaders(await fetch(request));
}

async function navigation(request: Request): Promise<Response> {
  const address = request.url.split(/[?#]/)[0] ?? '';
  const page = self.registration.scope;
  if (address !== page && address !== `${page}index.html`) return file(request);
  // A version that cannot start would otherwise come back from the cache for ever.
  if (await starts.tooManyFailed()) {
    const fresh = await fetch(request.url, { cache: 'reload' }).catch(() => undefined);
    if (fresh?.ok) {
      await Promise.all([caches.delete(cacheName), self.registration.unregister(), starts.reset()]);
      return withSecurityHeaders(fresh);
    }
  }
  await starts.begin();
  return (await files.matchPrecache('index.html')) ?? withSecurityHeaders(await fetch(request));
}

/**
 * Another tab may still run, and train, on an older version whose workers it has yet to start: older versions stay until
 * only one page is open, the one that is being loaded.
 */
async function deleteOtherVersions(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const { waiting, installing } = self.registration; // a newer version: then this one is the old one
  if (pages.length > 1 || waiting || installing) return;
  const names = await caches.keys();
  const old = names.filter(
    (name) => name.startsWith(cachePrefix) && name.endsWith(`-${self.registration.scope}`) && name !== cacheName,
  );
  await Promise.all(old.map((name) => caches.delete(name)));
}
