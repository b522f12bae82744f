// The refusal of what a user may not do, in the real server's words: apiserver pkg/endpoints/handlers/responsewriters.
import { ApiError } from '../store/errors';
import type { Attributes, Call } from './call';

/** A project or namespace is looked up as being in itself, so that its own role bindings count. */
function namespaceOf({ info }: Call): string {
  return info.group === 'project.openshift.io' && info.resource === 'projects' ? info.name : info.namespace;
}

function attributesOf(call: Call): Attributes {
  const { verb, isResource, group, resource, subresource, name } = call.info;
  if (!isResource) return { verb, path: call.url.pathname };
  return { verb, group, resource, subresource, namespace: namespaceOf(call), name };
}

function sentence(
  user: string,
  { verb, group = '', resource, subresource, namespace, path }: Attributes,
  reason: string,
): string {
  const who = `User ${JSON.stringify(user)}`;
  const tail = reason ? `: ${reason}` : '';
  if (path !== undefined) return `${who} cannot ${verb} path ${JSON.stringify(path)}${tail}`;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  return `${who} cannot ${verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}${tail}`;
}

export function forbiddenBy(user: string, attributes: Attributes, reason: string): ApiError {
  const { path, group, resource = '', name } = attributes;
  const message = sentence(user, attributes, reason);
  if (path !== undefined) return new ApiError(403, 'Forbidden', `forbidden: ${message}`, {});
  const id = group ? `${resource}.${group}` : resource;
  return new ApiError(403, 'Forbidden', `${id}${name ? ` ${JSON.stringify(name)}` : ''} is forbidden: ${message}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind: resource,
  });
}

/** Throws Forbidden. */
export function authorized(call: Call): void {
  const attributes = attributesOf(call);
  const { allowed, reason } = call.api.auth.authorize(call.user, attributes);
  if (!allowed) throw forbiddenBy(call.user.name, attributes, reason);
}
