// Requests for a part of an object, or for what can be done with it.
import type { ServerResponse } from 'node:http';
import type { Served } from '../resources/registry';
import { badRequest, methodNotAllowed, unknownResource } from '../store/errors';
import type { Answer, Call } from './call';
import { get, update } from './objects';
import { patch } from './patch';
import { bind } from './subresource/binding';
import { evict } from './subresource/eviction';
import { instantiate } from './subresource/instantiate';
import { log } from './subresource/log';
import { proxy } from './subresource/proxy';
import { scale } from './subresource/scale';
import { token } from './subresource/token';
import { SUBRESOURCES } from './subresources';

type Handler = (
  call: Call,
  served: Served,
  response: ServerResponse,
) => Answer | undefined | Promise<Answer | undefined>;

const plain =
  (name: string): Handler =>
  (call, served) => {
    if (call.info.verb === 'get') return get(call, served);
    return call.info.verb === 'update' ? update(call, served, name) : patch(call, served, name);
  };

/** exec and the like only make sense on a connection that is upgraded. */
const notUpgraded: Handler = () => {
  throw badRequest('Upgrade request required');
};

const HANDLERS: Record<string, Handler> = {
  scale,
  eviction: evict,
  binding: bind,
  token,
  instantiate,
  log,
  proxy,
  exec: notUpgraded,
  attach: notUpgraded,
  portforward: notUpgraded,
  status: plain('status'),
  finalize: plain('finalize'),
  ephemeralcontainers: plain('ephemeralcontainers'),
  approval: plain('approval'),
};

export async function subresource(call: Call, served: Served, response: ServerResponse): Promise<Answer | undefined> {
  const { subresource: name, verb } = call.info;
  const handler = HANDLERS[name];
  if (!served.definition.subresources?.includes(name) || !handler) throw unknownResource();
  if (!SUBRESOURCES[name]?.verbs.includes(verb)) throw methodNotAllowed();
  return handler(call, served, response);
}
