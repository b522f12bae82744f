// The API server's door: who asks, what they may do, how they sign in.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Attributes, Auth, Decision } from '../api/call';
import type { Operations } from '../api/operations';
import type { UserInfo } from '../resources/definition';
import type { Account } from './authenticator';
import { ANONYMOUS, Authenticator } from './authenticator';
import type { Access } from './authorizer';
import { Authorizer } from './authorizer';
import { impersonated } from './impersonation';
import { authorize, oauthMetadata } from './oauth';

export interface AuthOptions {
  operations: Operations;
  /** Who may sign in with a password or has a fixed token. */
  accounts: readonly Account[];
  /** Whether who shows no credentials is `system:anonymous`; default: on OpenShift, while the bare control plane answers 401. */
  anonymous?: boolean;
}

/**
 * Authentication by token, role-based authorization, and OpenShift's sign-in.
 * @example
 * const auth = new ClusterAuth({ operations, accounts: [{ name: 'developer', password: 'developer' }] });
 * auth.trust(connection); // its requests may name their user in X-Remote-User
 */
export class ClusterAuth implements Auth {
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  private readonly trusted = new WeakSet<Duplex>();
  private readonly anonymous: boolean;
  private readonly openshift: boolean;

  constructor(private readonly options: AuthOptions) {
    const { operations, accounts } = options;
    this.openshift = operations.settings.profile === 'openshift';
    this.anonymous = options.anonymous ?? this.openshift;
    this.authenticator = new Authenticator(operations.store, operations.clock, operations.random, accounts);
    this.authorizer = new Authorizer(operations.store);
  }

  /** Believes the front proxy's headers on this connection. */
  trust(connection: Duplex): void {
    this.trusted.add(connection);
  }

  authenticate(request: IncomingMessage): UserInfo | undefined {
    const user = this.authenticator.identify(request.headers, this.trusted.has(request.socket));
    if (user === undefined || (user === null && !this.anonymous)) return undefined;
    return impersonated(user ?? ANONYMOUS, request.headers, this.authorizer, this.authenticator);
  }

  authorize(user: UserInfo, attributes: Attributes): Decision {
    return { allowed: this.authorizer.allows(user, accessOf(attributes)), reason: '' };
  }

  answer(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    if (!this.openshift) return false;
    const { operations } = this.options;
    const issuer = operations.settings.apiUrl;
    if (url.pathname === '/oauth/authorize') {
      void authorize(request, response, url.searchParams, issuer, this.authenticator, (name) => this.signedIn(name));
      return true;
    }
    if (url.pathname !== '/.well-known/oauth-authorization-server') return false;
    const body = JSON.stringify(oauthMetadata(issuer), undefined, 2);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
    return true;
  }

  /** Projects are listed for everybody, each user's own. */
  visible(user: UserInfo, resource: string): ((name: string) => boolean) | undefined {
    if (resource !== 'projects.project.openshift.io') return undefined;
    const names = this.authorizer.visible(user);
    return names && ((name) => names.has(name));
  }

  /** The first sign-in makes the user's object; the token is durable before it is handed out. */
  private async signedIn(name: string): Promise<void> {
    const { operations } = this.options;
    if (!operations.store.get('users.user.openshift.io', undefined, name))
      operations.create('users.user.openshift.io', { metadata: { name }, identities: [`htpasswd:${name}`] });
    await operations.store.state.commit();
  }
}

function accessOf({ isResource, path, verb, ...rest }: Attributes): Access {
  return isResource ? { ...rest, verb } : { verb: verb === 'head' ? 'get' : verb, path };
}
