// /openapi/v2 and /openapi/v3: made from the schema when first asked for.
import type { Registry } from '../../resources/registry';
import { notAcceptable } from '../../store/errors';
import { versionInfo } from '../about';
import type { Answer, Call } from '../call';
import { swagger } from './v2';
import { OpenApi } from './v3';

const made = new WeakMap<Registry, OpenApi>();

function documentsOf(registry: Registry): OpenApi {
  let documents = made.get(registry);
  if (!documents) made.set(registry, (documents = new OpenApi(registry)));
  return documents;
}

const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/**
 * An openapi.v2.Document that says nothing of any type: 1 swagger, 2 info (1 title, 2 version). Clients that know v3 ask for it
 * only about kinds that v3 does not have. DIFFERS: the real one holds every type.
 */
function emptyProtobuf(version: string): Buffer {
  const field = (number: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const info = Buffer.concat([field(1, Buffer.from('Kubernetes')), field(2, Buffer.from(version))]);
  return Buffer.concat([field(1, Buffer.from('2.0')), field(2, info)]);
}

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
  const { gitVersion } = versionInfo(call.api.operations.settings.profile);
  if (/proto-openapi\.spec\.v2/.test(call.request.headers.accept ?? ''))
    return { code: 200, bytes: emptyProtobuf(gitVersion), type: PROTOBUF };
  if (!call.accept.known) throw notAcceptable('application/json');
  const all = documents.paths().map((path) => JSON.parse(documents.document(path) ?? '{}'));
  const object = swagger(all, gitVersion);
  return { code: 200, text: JSON.stringify(object), type: 'application/json' };
}
