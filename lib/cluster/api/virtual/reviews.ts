// The answers to questions about access: created, answered, never stored.
import type { UserInfo } from '../../resources/definition';
import type { Served } from '../../resources/registry';
import { badRequest, invalid } from '../../store/errors';
import type { ObjectInput } from '../../store/types';
import type { Answer, Attributes, Call } from '../call';
import { readObject } from '../objects';
import { apiVersionOf } from '../versions';

interface Spec {
  resourceAttributes?: {
    namespace?: string;
    verb?: string;
    group?: string;
    resource?: string;
    subresource?: string;
    name?: string;
  };
  nonResourceAttributes?: { path?: string; verb?: string };
  user?: string;
  groups?: string[];
  uid?: string;
  namespace?: string;
  token?: string;
}

const shown = ({ name, uid, groups, extra }: UserInfo) => ({
  username: name,
  ...(uid && { uid }),
  groups,
  ...(extra && { extra }),
});

function attributesOf({ resourceAttributes, nonResourceAttributes }: Spec, kind: string): Attributes {
  if (nonResourceAttributes) return { verb: nonResourceAttributes.verb ?? '', path: nonResourceAttributes.path ?? '' };
  if (resourceAttributes) return { ...resourceAttributes, verb: resourceAttributes.verb ?? '' };
  throw invalid(`${kind}.authorization.k8s.io`, '', [
    {
      field: 'spec.resourceAttributes',
      reason: 'FieldValueInvalid',
      message: 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    },
  ]);
}

function decide(call: Call, user: UserInfo, spec: Spec, kind: string): object {
  const { allowed, reason } = call.api.auth.authorize(user, attributesOf(spec, kind));
  return { allowed, ...(reason && { reason }) };
}

function rules({ api, user }: Call, namespace: string | undefined): object {
  if (!namespace) throw badRequest('no namespace on request');
  const held = api.auth.rules(user, namespace);
  return {
    resourceRules: held
      .filter(({ resources }) => resources?.length)
      .map(({ verbs = [], apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames && { resourceNames }),
      })),
    nonResourceRules: held
      .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
      .map(({ verbs = [], nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  };
}

function token({ api }: Call, text: string): object {
  const user = api.auth.tokenUser(text);
  if (!user) return { user: {}, error: '[invalid bearer token, token lookup failed]' };
  return { authenticated: true, user: shown(user), audiences: ['https://kubernetes.default.svc'] };
}

function statusOf(call: Call, kind: string, input: ObjectInput): object {
  const spec: Spec = input['spec'] ?? {};
  if (kind === 'SelfSubjectReview') return { userInfo: shown(call.user) };
  if (kind === 'TokenReview') return token(call, spec.token ?? '');
  if (kind === 'SelfSubjectRulesReview') return rules(call, spec.namespace);
  if (kind === 'SelfSubjectAccessReview') return decide(call, call.user, spec, kind);
  if (kind === 'LocalSubjectAccessReview' && spec.resourceAttributes?.namespace !== call.info.namespace)
    throw badRequest('spec.resourceAttributes.namespace must match namespace');
  return decide(call, { name: spec.user ?? '', groups: spec.groups ?? [] }, spec, kind);
}

export async function review(call: Call, served: Served): Promise<Answer> {
  const input = await readObject(call, served);
  const { kind } = served.definition;
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = input;
  const status = statusOf(call, kind, input);
  const object = {
    kind,
    apiVersion: apiVersionOf(served),
    metadata: { creationTimestamp: null, ...metadata },
    ...rest,
    status,
  };
  return { code: 201, object };
}
