// The headers of every answer, written once: the static server and the service worker send them, the build puts the policy
// into index.html as well.

/**
 * Nothing from elsewhere, nothing inline, no eval (WebAssembly may compile); pictures and video may come from memory.
 * Workers do not inherit the policy of a <meta> tag, so it also goes on every script as a header.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Shared memory, and with it threads, needs an isolated page: COOP and COEP on the document, COEP on worker scripts.
 * `require-corp`, never `credentialless`, which Safari ignores.
 */
export const securityHeaders: readonly (readonly [string, string])[] = [
  ['Content-Security-Policy', contentSecurityPolicy],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Embedder-Policy', 'require-corp'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
];
