// The API server's door: who asks, what they may do, how they sign in.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Certificate } from '../../machine/tls';
import type { Attributes, Auth, Decision, HeldRule, TokenSubject } from '../api/call';
import type { Operations } from '../api/operations';
import type { UserInfo } from '../resources/definition';
import type { ObjectInput } from '../store/types';
import type { Account } from './accounts';
import { keepAggregated } from './aggregation';
import { ANONYMOUS, Authenticator } from './authenticator';
import { Authorizer } from './authorizer';
import type { ClientCertificates } from './client-certificates';
import { checkEscalation } from './escalation';
import { impersonated } from './impersonation';
import { answerOAuth } from './oauth';

const USERS = 'users.user.openshift.io';
const IDENTITY_PROVIDER = 'htpasswd_provider';

export interface AuthOptions {
  operations: Operations;
  /** Who may sign in with a password or has a fixed token. */
  accounts: readonly Account[];
  /** Whether who shows no credentials is `system:anonymous`; default: on OpenShift, while the bare control plane answers 401. */
  anonymous?: boolean;
  /** Whoever shows valid credentials may do everything (kube-apiserver's --authorization-mode=RBAC,AlwaysAllow). */
  alwaysAllow?: boolean;
  /** Who reads the certificates that clients show; without it none is believed. */
  clientCertificates?: ClientCertificates;
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
  private readonly shown = new WeakMap<Duplex, Certificate>();
  private readonly anonymous: boolean;
  private readonly openshift: boolean;

  constructor(private readonly options: AuthOptions) {
    const { operations, accounts } = options;
    this.openshift = operations.settings.profile === 'openshift';
    this.anonymous = options.anonymous ?? this.openshift;
    this.authenticator = new Authenticator(operations.store, accounts);
    this.authorizer = new Authorizer(operations.store, options.alwaysAllow);
    keepAggregated(operations);
  }

  /** Believes the front proxy's headers on this connection. */
  trust(connection: Duplex): void {
    this.trusted.add(connection);
  }

  /** A client showed a certificate on this connection. */
  introduce(connection: Duplex, certificate: Certificate): void {
    this.shown.set(connection, certificate);
  }

  authenticate(request: IncomingMessage): UserInfo | undefined {
    const user =
      this.byCertificate(request.socket) ??
      this.authenticator.identify(request.headers, this.trusted.has(request.socket));
    if (user === undefined || (user === null && !this.isAnonymous(request.socket))) return undefined;
    return impersonated(user ?? ANONYMOUS, request.headers, this.authorizer);
  }

  /** Who showed nothing at all: a certificate that is no good is a failed sign-in (union.NewFailOnError of the anonymous). */
  private isAnonymous(connection: Duplex): boolean {
    return this.anonymous && !(this.shown.has(connection) && this.options.clientCertificates);
  }

  /** A certificate that is no good is passed over when there are other credentials, as the union of authenticators does. */
  private byCertificate(connection: Duplex): UserInfo | undefined {
    const shown = this.shown.get(connection);
    return shown && this.options.clientCertificates?.user(shown, this.options.operations.clock.now());
  }

  authorize(user: UserInfo, attributes: Attributes): Decision {
    const allowed = this.authorizer.allows(user, attributes);
    return { allowed, reason: allowed ? '' : this.authorizer.reason(user) };
  }

  rules(user: UserInfo, namespace: string): readonly HeldRule[] {
    return this.authorizer.rules(user, namespace);
  }

  whoCan(attributes: Attributes): { users: string[]; groups: string[] } {
    return this.authorizer.whoCan(attributes);
  }

  tokenUser(token: string): UserInfo | undefined {
    return this.authenticator.byToken(token);
  }

  issueToken(
    namespace: string,
    account: TokenSubject,
    seconds: number,
    audiences: string[],
    pod: TokenSubject | undefined,
  ): string {
    return this.authenticator.serviceAccounts.issue(namespace, account, seconds, audiences, pod);
  }

  revoke(user: UserInfo, name: string): boolean {
    const { oauth } = this.authenticator;
    return oauth.owner(name) === user.name && oauth.revoke(name);
  }

  checkEscalation(user: UserInfo, resource: string, object: ObjectInput): void {
    checkEscalation(this.authorizer, user, resource, object);
  }

  answer(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    if (!this.openshift) return false;
    const { settings, store } = this.options.operations;
    const oauth = {
      issuer: settings.apiUrl,
      authenticator: this.authenticator,
      signedIn: (user: UserInfo) => this.signedIn(user),
      sync: () => store.state.commit(),
    };
    return answerOAuth(oauth, request, response, url);
  }

  /** The first sign-in makes the user's object. */
  private signedIn({ name }: UserInfo): void {
    const { operations } = this.options;
    if (name.includes(':') || operations.store.get(USERS, undefined, name)) return;
    operations.create(USERS, { metadata: { name }, identities: [`${IDENTITY_PROVIDER}:${name}`] });
  }
}
