// The headers of a request on its way through the cluster port: who asks is said by us and by nobody else.
import type { IncomingHttpHeaders } from 'node:http';

/** The token is ours and the sandbox has no use for it; identity and forwarding headers from outside would be lies. */
const NOT_PASSED_ON = /^(authorization|x-remote-.*|impersonate-.*|x-forwarded-.*|forwarded|host)$/;
/** What a cluster's OAuth server says of everybody who logs in. */
const GROUPS = ['system:authenticated', 'system:authenticated:oauth'];

/** Of one connection, and there are two. */
const OF_THE_CONNECTION = /^(connection|keep-alive)$/;

/** Name and value alternately, as Node's raw headers. @param raw of the incoming request */
export function passOn(raw: string[], user: string): string[] {
  // Told to close, a sandbox's server closes with its answer, and our last empty write would fail before we read it.
  return [...without(passOnUpgrade(raw, user), OF_THE_CONNECTION), 'Connection', 'keep-alive'];
}

/** The same for an upgrade, which is a matter of the connection. */
export function passOnUpgrade(raw: string[], user: string): string[] {
  const identity = ['X-Remote-User', user, ...GROUPS.flatMap((group) => ['X-Remote-Group', group])];
  return [...without(raw, NOT_PASSED_ON), 'Host', 'sandbox', ...identity];
}

/** The same for the answer. */
export const passBack = (raw: string[]): string[] => without(raw, OF_THE_CONNECTION);

function without(raw: string[], names: RegExp): string[] {
  return raw.flatMap((name, i) => (i % 2 === 0 && !names.test(name.toLowerCase()) ? [name, raw[i + 1] ?? ''] : []));
}

export function bearerToken({ authorization }: IncomingHttpHeaders): string {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
}
