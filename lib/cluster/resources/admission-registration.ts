// The objects of admissionregistration.k8s.io. DIFFERS: webhooks and policies are kept, not called.
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';

const kind = (
  name: string,
  singular: string,
  plural: string,
  table: Pick<ResourceDefinition, 'columns' | 'row'>,
  extra: Partial<ResourceDefinition> = {},
): ResourceDefinition => ({
  group: 'admissionregistration.k8s.io',
  versions: [{ name: 'v1' }],
  kind: name,
  plural,
  singular,
  categories: ['api-extensions'],
  namespaced: false,
  generation: true,
  ...table,
  ...extra,
});

const webhooks = {
  columns: columns('Name', 'Webhooks:integer', 'Age'),
  row: (object: KubeObject, now: number): Cell[] => [
    object.metadata.name,
    object['webhooks']?.length ?? 0,
    age(object, now),
  ],
};

const paramKind = (object: KubeObject): string => {
  const p = object['spec']?.paramKind;
  return p ? `${p.apiVersion}/${p.kind}` : '<unset>';
};

const paramRef = (object: KubeObject): string => {
  const p = object['spec']?.paramRef;
  if (!p) return '<unset>';
  return p.name ? (p.namespace ? `${p.namespace}/${p.name}` : p.name) : '<unset>';
};

const defaultWebhooks = (object: KubeObject): void => {
  for (const hook of object['webhooks'] ?? []) {
    hook.failurePolicy ??= 'Fail';
    hook.matchPolicy ??= 'Equivalent';
    hook.namespaceSelector ??= {};
    hook.objectSelector ??= {};
    hook.timeoutSeconds ??= 10;
    for (const rule of hook.rules ?? []) rule.scope ??= '*';
    if (hook.clientConfig?.service) hook.clientConfig.service.port ??= 443;
    if (object.kind === 'MutatingWebhookConfiguration') hook.reinvocationPolicy ??= 'Never';
  }
};

export const admissionRegistration: readonly ResourceDefinition[] = [
  kind('MutatingWebhookConfiguration', 'mutatingwebhookconfiguration', 'mutatingwebhookconfigurations', webhooks, {
    default: defaultWebhooks,
  }),
  kind(
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfiguration',
    'validatingwebhookconfigurations',
    webhooks,
    { default: defaultWebhooks },
  ),
  kind(
    'ValidatingAdmissionPolicy',
    'validatingadmissionpolicy',
    'validatingadmissionpolicies',
    {
      columns: columns('Name', 'Validations:integer', 'ParamKind', 'Age'),
      row: (object, now) => [
        object.metadata.name,
        object['spec']?.validations?.length ?? 0,
        paramKind(object),
        age(object, now),
      ],
    },
    { subresources: ['status'] },
  ),
  kind('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybinding', 'validatingadmissionpolicybindings', {
    columns: columns('Name', 'PolicyName', 'ParamRef', 'Age'),
    row: (object, now) => [object.metadata.name, object['spec']?.policyName ?? '', paramRef(object), age(object, now)],
  }),
];
