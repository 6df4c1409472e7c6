// Puts the content security policy into index.html, so that it holds on hosts that send no headers, from the first visit.
import type { Plugin } from 'vite';
import { contentSecurityPolicy } from '../shared/security-headers.ts';

export function policyMeta(): Plugin {
  return {
    name: 'sortlab-policy-meta',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
          injectTo: 'head-prepend',
        },
      ],
    },
  };
}
