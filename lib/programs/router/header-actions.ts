// Headers that a route or the router's operator sets or deletes: HAProxy's http-request and http-response set-header and
// del-header. DIFFERS: of HAProxy's expressions only req.hdr, res.hdr and ssl_fc are known, with lower, upper and base64.
import type { Route } from '../../network/routes';

type Header = [name: string, value: string];
type Direction = 'request' | 'response';

interface HeaderAction {
  name: string;
  action: { type: string; set?: { value?: string } };
}

const VARIABLES = { request: 'ROUTER_HTTP_REQUEST_HEADERS', response: 'ROUTER_HTTP_RESPONSE_HEADERS' };
const EXPRESSION = /%(?:\{\+Q\})?\[([^\]]*)\]/g;
const unescaped = (text: string): string => new URLSearchParams(`a=${text}`).get('a') ?? '';

/** What the operator's variable asks for: `X-Frame-Options:DENY:Set,Server:Delete`, each word as in a query. */
export function ofRouter(env: Record<string, string>, direction: Direction): HeaderAction[] {
  return (env[VARIABLES[direction]] ?? '')
    .split(',')
    .filter(Boolean)
    .map((text) => {
      const [name = '', ...rest] = text.split(':').map(unescaped);
      const type = rest.at(-1) ?? '';
      return { name, action: { type, ...(rest.length > 1 && { set: { value: rest[0] ?? '' } }) } };
    });
}

export const ofRoute = ({ spec }: Route, direction: Direction): HeaderAction[] =>
  spec?.httpHeaders?.actions?.[direction] ?? [];

/** What expressions may ask for. */
interface Seen {
  request: readonly Header[];
  response: readonly Header[];
  tls: boolean;
}

/** The headers after all actions, one after the other. */
export function acted(headers: readonly Header[], actions: readonly HeaderAction[], seen: Seen): Header[] {
  return actions.reduce<Header[]>(
    (before, { name, action }) => {
      const rest = before.filter(([key]) => key.toLowerCase() !== name.toLowerCase());
      if (action.type === 'Delete') return rest;
      return [...rest, [name.toLowerCase(), evaluated(action.set?.value ?? '', seen)]];
    },
    [...headers],
  );
}

const evaluated = (text: string, seen: Seen): string =>
  text.replace(EXPRESSION, (_, expression: string) => sample(expression, seen)).replaceAll('%%', '%');

function sample(expression: string, { request, response, tls }: Seen): string {
  const [fetch = '', ...converters] = expression.split(',').map((word) => word.trim());
  const [, method, name = ''] = /^(\w+(?:\.\w+)?)(?:\((.*)\))?$/.exec(fetch) ?? [];
  const find = (headers: readonly Header[]) =>
    headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? '';
  const value =
    method === 'req.hdr'
      ? find(request)
      : method === 'res.hdr'
        ? find(response)
        : method === 'ssl_fc'
          ? `${Number(tls)}`
          : '';
  return converters.reduce(converted, value);
}

function converted(value: string, converter: string): string {
  if (converter === 'lower') return value.toLowerCase();
  if (converter === 'upper') return value.toUpperCase();
  return converter === 'base64' ? Buffer.from(value).toString('base64') : value;
}
