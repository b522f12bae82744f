// Whether a request comes from our own pages. Cookies travel with WebSockets from anywhere, so upgrades depend on this.
import type { IncomingHttpHeaders } from 'node:http';

/** True when Origin names the very host that was asked. A WebSocket or a change without one is not from a browser's page. */
export function isOwnOrigin({ origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>): boolean {
  if (!origin || !host) return false;
  try {
    const url = new URL(origin);
    return (
      (url.protocol === 'http:' || url.protocol === 'https:') && url.host === new URL(`${url.protocol}//${host}`).host
    );
  } catch {
    return false;
  }
}
