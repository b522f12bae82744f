// Requests for a part of an object, or for what can be done with it.
import type { ServerResponse } from 'node:http';
import type { Served } from '../resources/registry';
import { methodNotAllowed, unknownResource } from '../store/errors';
import type { Answer, Call } from './call';
import { get, update } from './objects';
import { patch } from './patch';
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

const HANDLERS: Record<string, Handler> = {
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
