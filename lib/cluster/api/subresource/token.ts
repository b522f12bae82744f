// token: a bound token for a service account (TokenRequest).
import type { Served } from '../../resources/registry';
import { invalid, notFound } from '../../store/errors';
import type { Answer, Call, TokenSubject } from '../call';
import { existing, readAs } from '../objects';

const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;
const DEFAULT_SECONDS = 3600;
const AUDIENCE = 'https://kubernetes.default.svc';

interface TokenRequest {
  spec?: {
    expirationSeconds?: number;
    audiences?: string[];
    boundObjectRef?: { kind?: string; name?: string; uid?: string };
  };
}

function checkSeconds(seconds: number): void {
  const detail =
    seconds < MIN_SECONDS
      ? 'may not specify a duration less than 10 minutes'
      : seconds > MAX_SECONDS
        ? 'may not specify a duration larger than 2^32 seconds'
        : '';
  if (detail)
    throw invalid('TokenRequest.authentication.k8s.io', '', [
      { field: 'spec.expirationSeconds', reason: 'FieldValueInvalid', message: `Invalid value: ${seconds}: ${detail}` },
    ]);
}

export async function token(call: Call, served: Served): Promise<Answer> {
  const { spec = {} } = (await readAs(call, 'TokenRequest')) as TokenRequest;
  const { operations, auth } = call.api;
  const { name, namespace = '', uid } = existing(call, served).metadata;
  const { expirationSeconds = DEFAULT_SECONDS, boundObjectRef: bound } = spec;
  const audiences = spec.audiences?.length ? spec.audiences : [AUDIENCE];
  checkSeconds(expirationSeconds);
  let pod: TokenSubject | undefined;
  if (bound?.kind === 'Pod') {
    const found = operations.store.get('pods', namespace, bound.name ?? '');
    if (!found) throw notFound('pods', bound.name ?? '');
    pod = { name: found.metadata.name, uid: found.metadata.uid };
  }
  const now = operations.clock.now();
  const expires = new Date(now + expirationSeconds * 1000).toISOString();
  return {
    code: 201,
    object: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: operations.clock.timestamp() },
      spec: { audiences, expirationSeconds, boundObjectRef: bound ?? null },
      status: {
        token: auth.issueToken(namespace, { name, uid }, expirationSeconds, audiences, pod),
        expirationTimestamp: `${expires.slice(0, 19)}Z`,
      },
    },
  };
}
