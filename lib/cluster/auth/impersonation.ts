// Acting as someone else: `--as`, `--as-group` and `--as-uid`, if RBAC lets one (apiserver pkg/endpoints/filters/impersonation).
import type { IncomingHttpHeaders } from 'node:http';
import { forbiddenBy } from '../api/authorized';
import type { UserInfo } from '../resources/definition';
import { ApiError } from '../store/errors';
import type { Authorizer } from './authorizer';
import type { Access } from './rules';

const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : value.split(', ');

function check(authorizer: Authorizer, user: UserInfo, access: Omit<Access, 'verb'>): void {
  const wanted = { verb: 'impersonate', group: '', namespace: '', name: '', resource: '', subresource: '', ...access };
  if (!authorizer.allows(user, wanted)) throw forbiddenBy(user.name, wanted, authorizer.reason(user));
}

/** The user that the request acts as; the user itself without the headers. `known` finds a user's own groups. */
export function impersonated(user: UserInfo, headers: IncomingHttpHeaders, authorizer: Authorizer): UserInfo {
  const name = headers['impersonate-user'];
  const uid = headers['impersonate-uid'];
  const groups = listOf(headers['impersonate-group']);
  if (typeof name !== 'string' || name === '') {
    if (groups.length > 0 || uid !== undefined)
      throw new ApiError(
        500,
        'InternalError',
        'Internal Server Error: requested impersonation without impersonating a user',
      );
    return user;
  }
  const account = ACCOUNT.exec(name);
  if (account)
    check(authorizer, user, { resource: 'serviceaccounts', namespace: account[1] ?? '', name: account[2] ?? '' });
  else check(authorizer, user, { resource: 'users', name });
  for (const group of groups) check(authorizer, user, { resource: 'groups', name: group });
  if (typeof uid === 'string') check(authorizer, user, { group: 'authentication.k8s.io', resource: 'uids', name: uid });
  const own = account && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : [];
  const last = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  return {
    name,
    groups: [...new Set([...groups, ...own, last])],
    ...(typeof uid === 'string' && { uid }),
  };
}
