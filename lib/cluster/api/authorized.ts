// The refusal of what a user may not do, in the real server's words: apiserver pkg/endpoints/handlers/responsewriters.
import { ApiError } from '../store/errors';
import type { Attributes, Call } from './call';

export function attributesOf(call: Call): Attributes {
  const { verb, isResource, group, version, resource, subresource, name } = call.info;
  // a project is asked about as its namespace, as on OpenShift
  const namespace = resource === 'projects' && name ? name : call.info.namespace;
  return { verb, isResource, group, version, resource, subresource, namespace, name, path: call.url.pathname };
}

export function forbiddenMessage(user: string, attributes: Attributes, reason: string): string {
  const { verb, isResource, group, resource, subresource, namespace, path } = attributes;
  const who = `User ${JSON.stringify(user)}`;
  const tail = reason ? `: ${reason}` : '';
  if (!isResource) return `${who} cannot ${verb} path ${JSON.stringify(path)}${tail}`;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  return `${who} cannot ${verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}${tail}`;
}

/** Throws Forbidden. */
export function authorized(call: Call): void {
  const attributes = attributesOf(call);
  const { allowed, reason } = call.api.auth.authorize(call.user, attributes);
  if (allowed) return;
  const { isResource, group, resource, name } = attributes;
  const message = forbiddenMessage(call.user.name, attributes, reason);
  if (!isResource) throw new ApiError(403, 'Forbidden', `forbidden: ${message}`, {});
  const id = group ? `${resource}.${group}` : resource;
  throw new ApiError(403, 'Forbidden', `${id}${name ? ` ${JSON.stringify(name)}` : ''} is forbidden: ${message}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind: resource,
  });
}
