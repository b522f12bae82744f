// Finds who answers a request, after asking whether the user may make it.
import type { ServerResponse } from 'node:http';
import { resourceId } from '../resources/definition';
import type { Served } from '../resources/registry';
import { methodNotAllowed, notAcceptable, unauthorized, unknownResource } from '../store/errors';
import { health, versionInfo } from './about';
import { authorized } from './authorized';
import type { Answer, Call } from './call';
import { aggregated, apiGroup, apiGroupList, apiVersions, resourceList } from './discovery';
import { groupsOf } from './groups';
import { list } from './list';
import { create, get, remove, removeAll, update } from './objects';
import { openapi } from './openapi';
import { patch } from './patch';
import { subresource } from './subresource';
import { VIRTUAL } from './virtual';
import { watch } from './watch';

const text404: Answer = { code: 404, text: '404 page not found\n', type: 'text/plain; charset=utf-8' };

/** undefined: the answer is being written already (a watch, a log). */
export async function route(call: Call, response: ServerResponse): Promise<Answer | undefined> {
  const user = call.api.auth.authenticate(call.request);
  if (!user) throw unauthorized();
  call.user = user;
  authorized(call);
  if (!call.info.isResource) return nonResource(call);
  const { group, version, resource } = call.info;
  const served = call.api.operations.registry.find(group, version, resource);
  if (!served) return unknown(call);
  const { legacy, deprecated = legacy } = served.version;
  if (deprecated) call.warn(deprecated);
  if (!call.accept.known) throw notAcceptable('application/json, application/yaml');
  if (call.info.subresource) return subresource(call, served, response);
  if (call.info.verb === 'watch') {
    watch(call, served, response);
    return undefined;
  }
  return object(call, served);
}

const HANDLERS: Record<string, (call: Call, served: Served) => Answer | Promise<Answer>> = {
  get,
  list,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: removeAll,
};

function object(call: Call, served: Served): Answer | Promise<Answer> {
  const { verb, namespace, name } = call.info;
  const { definition } = served;
  const handler = VIRTUAL[resourceId(definition)]?.[verb] ?? HANDLERS[verb];
  const scope = definition.namespaced ? Boolean(namespace) : !namespace || definition.plural === 'namespaces';
  const across = definition.namespaced && verb === 'list'; // of all namespaces
  if (!scope && !across && verb !== 'create') throw unknownResource();
  const offered = !definition.verbs || (definition.verbs as readonly string[]).includes(verb);
  const named = verb === 'list' || (verb === 'create' || verb === 'deletecollection') !== Boolean(name);
  if (!handler || !offered || !named || (verb === 'create' && !scope)) throw methodNotAllowed();
  return handler(call, served);
}

function unknown(call: Call): Answer {
  const { group, version } = call.info;
  const known = groupsOf(call.api.operations.registry).find(({ name }) => name === group);
  if (known?.versions.some(({ name }) => name === version)) throw unknownResource();
  return text404;
}

function nonResource(call: Call): Answer | Promise<Answer> {
  const { registry, settings } = call.api.operations;
  const path = call.url.pathname.replace(/(.)\/$/, '$1');
  if (path === '/version') return json(versionInfo(settings));
  const well = health(call);
  if (well) return well;
  if (path.startsWith('/openapi')) return openapi(call) ?? text404;
  if (path === '/' || path === '') return json(paths(call));
  const { discovery, format } = call.accept;
  if (discovery && (path === '/api' || path === '/apis'))
    return {
      code: 200,
      object: aggregated(registry, path === '/api', discovery),
      type: `application/${format};g=apidiscovery.k8s.io;v=${discovery};as=APIGroupDiscoveryList`,
    };
  if (path === '/api') return json(apiVersions(new URL(settings.apiUrl).host));
  if (path === '/apis') return json(apiGroupList(registry));
  return group(call, path.split('/')) ?? notFoundPath(call);
}

function group(call: Call, [, root, ...rest]: string[]): Answer | undefined {
  const { registry } = call.api.operations;
  if (root !== 'api' && root !== 'apis') return undefined;
  const [name = '', version] = root === 'api' ? ['', rest[0]] : rest;
  const found = groupsOf(registry).find((each) => each.name === name);
  if (!found || rest.length > (root === 'api' ? 1 : 2)) return text404;
  if (version === undefined) return json(apiGroup(found));
  const served = found.versions.find((each) => each.name === version);
  return served ? json(resourceList(name, version, served.resources)) : text404;
}

const json = (object: unknown): Answer => ({ code: 200, object });

function paths(call: Call) {
  const list = groupsOf(call.api.operations.registry).flatMap(({ name, versions }) =>
    name
      ? [`/apis/${name}`, ...versions.map((each) => `/apis/${name}/${each.name}`)]
      : versions.map((each) => `/api/${each.name}`),
  );
  const own = ['/api', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'];
  return { paths: [...own, ...list].sort() };
}

/** An unknown path is answered with those that are known. */
const notFoundPath = (call: Call): Answer => ({ code: 404, object: paths(call) });
