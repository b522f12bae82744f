// Who asks: bearer tokens, service-account tokens, and the front proxy's headers on connections that are trusted.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Table } from '../../sim/state';
import type { UserInfo } from '../resources/definition';
import type { ObjectStore } from '../store/store';

/** Someone who may sign in with a password, or comes with a fixed token. */
export interface Account {
  name: string;
  password?: string;
  /** A bearer token that is always valid (the bare control plane's `admin-token`). */
  token?: string;
  groups?: readonly string[];
}

const AUTHENTICATED = 'system:authenticated';
const TOKEN_SECONDS = 24 * 3600; // OpenShift's default for tokens of `oc login`
const TOKEN_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const TOKEN_LENGTH = 43;

interface OAuthToken {
  user: string;
  expires: number;
}

interface TokenClaims {
  sub: string;
  aud: string[];
  exp: number;
  iat: number;
  'kubernetes.io': {
    namespace: string;
    serviceaccount: { name: string; uid: string };
    pod?: { name: string; uid: string };
  };
}

const base64url = (text: string) => Buffer.from(text).toString('base64url');
const sameText = (a: string, b: string) =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

export class Authenticator {
  private readonly tokens: Table;
  private readonly keys: Table;

  constructor(
    private readonly store: ObjectStore,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly accounts: readonly Account[],
  ) {
    this.tokens = store.state.table('oauth-tokens');
    this.keys = store.state.table('signing-keys');
  }

  /** undefined: the credentials are no good; null: there were none. */
  identify(headers: IncomingHttpHeaders, trusted: boolean): UserInfo | null | undefined {
    const remote = headers['x-remote-user'];
    if (trusted && typeof remote === 'string') return withAuthenticated(remote, listOf(headers['x-remote-group']));
    const match = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '');
    if (!match) return headers.authorization ? undefined : null;
    return this.byToken(match[1] as string);
  }

  byToken(token: string): UserInfo | undefined {
    const fixed = this.accounts.find((account) => account.token && sameText(account.token, token));
    if (fixed) return this.userInfo(fixed.name);
    const row = this.tokens.get<OAuthToken>(createHash('sha256').update(token).digest('hex'));
    if (row) return row.expires > this.clock.now() ? this.userInfo(row.user) : undefined;
    return this.serviceAccount(token);
  }

  byPassword(name: string, password: string): UserInfo | undefined {
    const account = this.accounts.find((each) => each.name === name && each.password !== undefined);
    return account && sameText(account.password as string, password) ? this.userInfo(name) : undefined;
  }

  /** Groups of the account, of the Group objects, and those every user has. */
  userInfo(name: string): UserInfo {
    const account = this.accounts.find((each) => each.name === name);
    const named = this.store
      .list('groups.user.openshift.io')
      .filter((group) => ((group['users'] ?? []) as string[]).includes(name));
    const uid = this.store.get('users.user.openshift.io', undefined, name)?.metadata.uid;
    const oauth = account?.password !== undefined ? ['system:authenticated:oauth'] : [];
    return {
      ...withAuthenticated(name, [...(account?.groups ?? []), ...named.map((group) => group.metadata.name), ...oauth]),
      ...(uid && { uid }),
    };
  }

  /** A token as `oc login` gets: `sha256~…`; its hash is kept, not itself. */
  issueOAuth(user: string): { token: string; seconds: number } {
    const secret = Array.from({ length: TOKEN_LENGTH }, () => TOKEN_ALPHABET[this.random.int(64)]).join('');
    const token = `sha256~${secret}`;
    this.tokens.set(createHash('sha256').update(token).digest('hex'), {
      user,
      expires: this.clock.now() + TOKEN_SECONDS * 1000,
    });
    return { token, seconds: TOKEN_SECONDS };
  }

  revokeOAuth(token: string): void {
    this.tokens.delete(createHash('sha256').update(token).digest('hex'));
  }

  /** A bound service-account token. DIFFERS: signed with HS256, not RS256; nobody outside the world checks it. */
  issueServiceAccount(
    namespace: string,
    name: string,
    uid: string,
    seconds: number,
    audiences: string[],
    pod?: { name: string; uid: string },
  ): string {
    const now = Math.floor(this.clock.now() / 1000);
    const claims: TokenClaims = {
      aud: audiences,
      exp: now + seconds,
      iat: now,
      'kubernetes.io': { namespace, serviceaccount: { name, uid }, ...(pod && { pod }) },
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const body = `${base64url(JSON.stringify({ alg: 'HS256', kid: 'podlab' }))}.${base64url(JSON.stringify({ iss: 'https://kubernetes.default.svc', ...claims }))}`;
    return `${body}.${this.sign(body)}`;
  }

  private sign(body: string): string {
    let key = this.keys.get<string>('service-accounts');
    if (!key) this.keys.set('service-accounts', (key = this.random.hex(64)));
    return createHmac('sha256', key).update(body).digest('base64url');
  }

  private serviceAccount(token: string): UserInfo | undefined {
    const cut = token.lastIndexOf('.');
    if (token.split('.').length !== 3 || !sameText(this.sign(token.slice(0, cut)), token.slice(cut + 1)))
      return undefined;
    const claims = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as TokenClaims;
    const { namespace, serviceaccount } = claims['kubernetes.io'];
    const account = this.store.get('serviceaccounts', namespace, serviceaccount.name);
    if (claims.exp * 1000 <= this.clock.now() || account?.metadata.uid !== serviceaccount.uid) return undefined;
    return {
      ...withAuthenticated(claims.sub, ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]),
      uid: serviceaccount.uid,
    };
  }
}

const listOf = (value: string | string[] | undefined): string[] =>
  (Array.isArray(value) ? value : (value ?? '').split(',')).map((each) => each.trim()).filter(Boolean);

const withAuthenticated = (name: string, groups: readonly string[]): UserInfo => ({
  name,
  groups: [...new Set([...groups, AUTHENTICATED])],
});

/** Who has shown no credentials. */
export const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
