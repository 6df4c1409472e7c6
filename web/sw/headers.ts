import { securityHeaders } from '../shared/security-headers.ts';

/** A copy with our headers. Answers that may not be rebuilt (redirects, opaque ones) are passed on as they are. */
export function withSecurityHeaders(response: Response): Response {
  if (response.status < 200 || response.type === 'opaque' || response.type === 'opaqueredirect') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of securityHeaders) headers.set(name, value);
  const bodyless = response.status === 204 || response.status === 205 || response.status === 304;
  return new Response(bodyless ? null : response.body, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}
