// OpenShift's OAuth server as `oc login` uses it: a challenge for user name and password, answered with a token.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from './authenticator';

const CHALLENGING_CLIENT = 'openshift-challenging-client';

/** /.well-known/oauth-authorization-server */
export const oauthMetadata = (issuer: string): object => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  scopes_supported: ['user:check-access', 'user:full', 'user:info', 'user:list-projects', 'user:list-scoped-projects'],
  response_types_supported: ['code', 'token'],
  grant_types_supported: ['authorization_code', 'implicit'],
  code_challenge_methods_supported: ['plain', 'S256'],
});

const refuse = (response: ServerResponse, code: number, text: string): void => {
  response.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
};

function credentials(request: IncomingMessage): [string, string] | undefined {
  const match = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? '');
  if (!match) return undefined;
  const text = Buffer.from(match[1] as string, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}

/** /oauth/authorize?response_type=token&client_id=openshift-challenging-client */
export async function authorize(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  issuer: string,
  authenticator: Authenticator,
  signedIn: (user: string) => Promise<void>,
): Promise<void> {
  if (query.get('client_id') !== CHALLENGING_CLIENT)
    return refuse(
      response,
      400,
      '{"error":"unauthorized_client","error_description":"The client is not authorized to request a token using this method."}',
    );
  // a browser must not be made to show its password box by a foreign page
  if (!request.headers['x-csrf-token'])
    return refuse(response, 401, 'A non-empty X-CSRF-Token header is required to receive basic-auth challenges');
  const given = credentials(request);
  const user = given && authenticator.byPassword(...given);
  if (!user) {
    response.setHeader('WWW-Authenticate', 'Basic realm="openshift"');
    return refuse(response, 401, '');
  }
  const { token, seconds } = authenticator.issueOAuth(user.name);
  await signedIn(user.name);
  const parameters = new URLSearchParams({
    access_token: token,
    expires_in: String(seconds),
    scope: 'user:full',
    token_type: 'Bearer',
  });
  response.writeHead(302, { Location: `${issuer}/oauth/token/implicit#${parameters}`, 'Content-Length': 0 });
  response.end();
}
