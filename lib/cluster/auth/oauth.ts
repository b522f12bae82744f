// OpenShift's OAuth server as `oc login` uses it: a challenge for user name and password, answered with a token.
// DIFFERS: it answers under the API's own address, not behind the route oauth-openshift.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../api/body';
import type { UserInfo } from '../resources/definition';
import type { Authenticator } from './authenticator';

const CHALLENGING_CLIENTS = new Set(['openshift-challenging-client', 'openshift-cli-client']);
const CSRF_HEADER = 'x-csrf-token';

/** /.well-known/oauth-authorization-server */
const metadata = (issuer: string): object => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  scopes_supported: ['user:check-access', 'user:full', 'user:info', 'user:list-projects', 'user:list-scoped-projects'],
  response_types_supported: ['code', 'token'],
  grant_types_supported: ['authorization_code', 'implicit'],
  code_challenge_methods_supported: ['plain', 'S256'],
});

export interface OAuth {
  issuer: string;
  authenticator: Authenticator;
  /** Called after a login: makes the User object. */
  signedIn(user: UserInfo): void;
  sync(): Promise<void>;
}

function reply(
  response: ServerResponse,
  code: number,
  body: object | string,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(code, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function credentials(request: IncomingMessage): [string, string] | undefined {
  const match = /^Basic\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '');
  if (!match) return undefined;
  const text = Buffer.from(match[1] as string, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}

async function authorize(
  oauth: OAuth,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const client = query.get('client_id') ?? '';
  if (!CHALLENGING_CLIENTS.has(client))
    return reply(response, 400, {
      error: 'unauthorized_client',
      error_description: 'The client is not authorized to request a token using this method.',
    });
  // A foreign page must not make a browser show its password box.
  if (!request.headers[CSRF_HEADER] && !request.headers.authorization)
    return reply(response, 401, 'A non-empty X-CSRF-Token header is required to receive basic-auth challenges', {
      Warning: `199 Origin "You must obtain an API token by visiting ${oauth.issuer}/oauth/token/request"`,
    });
  const given = credentials(request);
  const user = given && oauth.authenticator.byPassword(...given);
  if (!user) return reply(response, 401, '', { 'WWW-Authenticate': 'Basic realm="openshift"' });
  oauth.signedIn(user);
  const location = query.get('response_type') === 'code' ? withCode(oauth, user, query) : withToken(oauth, user, query);
  await oauth.sync();
  reply(response, 302, '', { Location: location });
}

function withToken({ issuer, authenticator }: OAuth, user: UserInfo, query: URLSearchParams): string {
  const { token, seconds } = authenticator.oauth.issue(user.name);
  const state = query.get('state');
  const parameters = new URLSearchParams({
    access_token: token,
    expires_in: String(seconds),
    scope: 'user:full',
    ...(state && { state }),
    token_type: 'Bearer',
  });
  return `${issuer}/oauth/token/implicit#${parameters}`;
}

function withCode({ issuer, authenticator }: OAuth, user: UserInfo, query: URLSearchParams): string {
  const redirect = query.get('redirect_uri') ?? `${issuer}/oauth/token/implicit`;
  const code = authenticator.oauth.issueCode(user.name, query.get('code_challenge') ?? '', redirect);
  const state = query.get('state');
  return `${redirect}?${new URLSearchParams({ code, ...(state && { state }) })}`;
}

async function exchange(oauth: OAuth, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams((await readBody(request)).toString());
  const user = oauth.authenticator.oauth.redeem(form.get('code') ?? '', form.get('code_verifier') ?? '');
  if (user === undefined)
    return reply(response, 400, {
      error: 'invalid_grant',
      error_description: 'The provided authorization grant is invalid.',
    });
  const { token, seconds } = oauth.authenticator.oauth.issue(user);
  await oauth.sync();
  reply(response, 200, { access_token: token, expires_in: seconds, scope: 'user:full', token_type: 'Bearer' });
}

/** True when the path is the OAuth server's. */
export function answerOAuth(oauth: OAuth, request: IncomingMessage, response: ServerResponse, url: URL): boolean {
  const failed = () => response.destroy();
  if (url.pathname === '/.well-known/oauth-authorization-server') reply(response, 200, metadata(oauth.issuer));
  else if (url.pathname === '/oauth/authorize') authorize(oauth, request, response, url.searchParams).catch(failed);
  else if (url.pathname === '/oauth/token') exchange(oauth, request, response).catch(failed);
  else return false;
  return true;
}
