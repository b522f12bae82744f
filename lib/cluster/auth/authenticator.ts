// Who asks: bearer tokens, service-account tokens, and the front proxy's headers on connections that are trusted.
import type { IncomingHttpHeaders } from 'node:http';
import type { UserInfo } from '../resources/definition';
import type { ObjectStore } from '../store/store';
import { type Account, userOf } from './accounts';
import { OAuthTokens } from './oauth-tokens';
import { sameText, tokenHash } from './passwords';
import { ServiceAccountTokens } from './service-account-tokens';

const AUTHENTICATED = 'system:authenticated';

/** Who has shown no credentials. */
export const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export class Authenticator {
  readonly oauth: OAuthTokens;
  readonly serviceAccounts: ServiceAccountTokens;
  /** Accounts with a token that is always good, by its hash. */
  private readonly fixed: ReadonlyMap<string, Account>;

  constructor(
    private readonly store: ObjectStore,
    private readonly accounts: readonly Account[],
  ) {
    this.fixed = new Map(
      accounts.flatMap((account) => (account.token ? [[tokenHash(account.token), account] as const] : [])),
    );
    const { state, clock, random } = store;
    this.oauth = new OAuthTokens(state.table('oauth-tokens'), clock, random);
    this.serviceAccounts = new ServiceAccountTokens(state.table('signing-keys'), store, clock, random);
  }

  /** undefined: the credentials are no good; null: there were none. */
  identify(headers: IncomingHttpHeaders, trusted: boolean): UserInfo | null | undefined {
    const remote = headers['x-remote-user'];
    if (trusted && typeof remote === 'string') {
      const groups = listOf(headers['x-remote-group']);
      return groups.length > 0 ? withGroups(remote, groups) : this.userInfo(remote);
    }
    const match = /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '');
    if (match) return this.byToken(match[1] as string);
    return headers.authorization ? undefined : null;
  }

  byToken(token: string): UserInfo | undefined {
    const fixed = this.fixed.get(tokenHash(token));
    if (fixed) return this.userInfo(userOf(fixed));
    const user = this.oauth.user(token);
    return user === undefined ? this.serviceAccounts.user(token) : this.userInfo(user);
  }

  byPassword(name: string, password: string): UserInfo | undefined {
    const account = this.accounts.find((each) => each.name === name && each.password !== undefined);
    return account && sameText(account.password ?? '', password) ? this.userInfo(userOf(account)) : undefined;
  }

  /** Groups of the account, of the Group objects, and those every user has. */
  userInfo(name: string): UserInfo {
    const account = this.accounts.find((each) => userOf(each) === name);
    const named = this.store
      .list('groups.user.openshift.io')
      .filter((group) => ((group['users'] ?? []) as string[]).includes(name))
      .map((group) => group.metadata.name);
    const uid = this.store.get('users.user.openshift.io', undefined, name)?.metadata.uid;
    const oauth = account?.password === undefined ? [] : ['system:authenticated:oauth'];
    return { ...withGroups(name, [...(account?.groups ?? []), ...named, ...oauth]), ...(uid && { uid }) };
  }
}

const listOf = (value: string | string[] | undefined): string[] =>
  (Array.isArray(value) ? value : (value ?? '').split(',')).map((each) => each.trim()).filter(Boolean);

const withGroups = (name: string, groups: readonly string[]): UserInfo => ({
  name,
  groups: [...new Set([...groups, AUTHENTICATED])],
});
