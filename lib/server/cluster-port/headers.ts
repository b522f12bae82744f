// The headers of a request on its way through the cluster port: who asks is said by us and by nobody else.
import type { IncomingHttpHeaders } from 'node:http';

/** The token is ours and the sandbox has no use for it; identity and forwarding headers from outside would be lies. */
const NOT_PASSED_ON = /^(authorization|x-remote-.*|impersonate-.*|x-forwarded-.*|forwarded|host)$/;
/** What a cluster's OAuth server says of everybody who logs in. */
const GROUPS = ['system:authenticated', 'system:authenticated:oauth'];

/** Name and value alternately, as Node's raw headers. @param raw of the incoming request */
export function passOn(raw: string[], user: string): string[] {
  const passed: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name = '', value = ''] = raw.slice(i, i + 2);
    if (!NOT_PASSED_ON.test(name.toLowerCase())) passed.push(name, value);
  }
  return [...passed, 'Host', 'sandbox', 'X-Remote-User', user, ...GROUPS.flatMap((group) => ['X-Remote-Group', group])];
}

export function bearerToken({ authorization }: IncomingHttpHeaders): string {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
}
