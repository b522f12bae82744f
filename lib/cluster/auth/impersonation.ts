// Acting as someone else: `--as` and `--as-group`, if RBAC lets one.
import type { IncomingHttpHeaders } from 'node:http';
import type { UserInfo } from '../resources/definition';
import { badRequest, forbidden } from '../store/errors';
import type { Authenticator } from './authenticator';
import type { Authorizer } from './authorizer';
import { refusal } from './authorizer';

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : value.split(', ');

/** Throws Forbidden with the real words. */
export function impersonated(
  user: UserInfo,
  headers: IncomingHttpHeaders,
  authorizer: Authorizer,
  authenticator: Authenticator,
): UserInfo {
  const name = headers['impersonate-user'];
  const groups = listOf(headers['impersonate-group']);
  if (typeof name !== 'string') {
    if (groups.length > 0 || headers['impersonate-uid'])
      throw badRequest(`requested [{Group  ${groups[0] ?? ''}    }] without impersonating a user`);
    return user;
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const wanted = account
    ? {
        verb: 'impersonate',
        group: '',
        resource: 'serviceaccounts',
        namespace: account[1] as string,
        name: account[2] as string,
      }
    : { verb: 'impersonate', group: '', resource: 'users', name };
  if (!authorizer.allows(user, wanted)) throw forbidden(wanted.resource, wanted.name, refusal(user, wanted));
  for (const group of groups) {
    const access = { verb: 'impersonate', group: '', resource: 'groups', name: group };
    if (!authorizer.allows(user, access)) throw forbidden('groups', group, refusal(user, access));
  }
  if (account)
    return {
      name,
      groups: [...groups, 'system:serviceaccounts', `system:serviceaccounts:${account[1]}`, 'system:authenticated'],
    };
  if (name === 'system:anonymous') return { name, groups: ['system:unauthenticated'] };
  return groups.length > 0
    ? { name, groups: [...new Set([...groups, 'system:authenticated'])] }
    : authenticator.userInfo(name);
}
