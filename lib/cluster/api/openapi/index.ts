// /openapi/v2 and /openapi/v3: made from the schema when first asked for.
import type { Registry } from '../../resources/registry';
import { notAcceptable } from '../../store/errors';
import { versionInfo } from '../about';
import type { Answer, Call } from '../call';
import { swagger, type V3Document } from './v2';
import { swaggerProtobuf } from './v2-protobuf';
import { OpenApi } from './v3';

const made = new WeakMap<Registry, OpenApi>();

function documentsOf(registry: Registry): OpenApi {
  let documents = made.get(registry);
  if (!documents) made.set(registry, (documents = new OpenApi(registry)));
  return documents;
}

const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** undefined: no such document. */
export function openapi(call: Call): Answer | undefined {
  const documents = documentsOf(call.api.operations.registry);
  const path = call.url.pathname;
  if (path === '/openapi/v3') return { code: 200, object: documents.index() };
  if (path === '/openapi/v2') return v2(call, documents);
  const text = path.startsWith('/openapi/v3/') ? documents.document(path.slice('/openapi/v3/'.length)) : undefined;
  return text === undefined ? undefined : { code: 200, text, type: 'application/json' };
}

function v2(call: Call, documents: OpenApi): Answer {
  const { gitVersion } = versionInfo(call.api.operations.settings);
  const isProtobuf = /proto-openapi\.spec\.v2/.test(call.request.headers.accept ?? '');
  if (!isProtobuf && !call.accept.known) throw notAcceptable('application/json');
  const all = documents.paths().map((path) => JSON.parse(documents.document(path) ?? '{}') as V3Document);
  const object = swagger(all, gitVersion);
  if (isProtobuf) return { code: 200, bytes: swaggerProtobuf(object), type: PROTOBUF };
  return { code: 200, text: JSON.stringify(object), type: 'application/json' };
}
