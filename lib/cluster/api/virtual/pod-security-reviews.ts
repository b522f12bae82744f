// Which security context constraint a pod would get: asked, answered, never stored.
// openshift-apiserver pkg/security/apiserver/registry/podsecuritypolicysubjectreview.
import type { UserInfo } from '../../resources/definition';
import type { Served } from '../../resources/registry';
import { constraintFor, serviceAccountUser } from '../admission/security-context-constraints';
import type { Answer, Call } from '../call';
import { readObject } from '../objects';

export async function reviewPodSecurity(call: Call, served: Served): Promise<Answer> {
  const input = await readObject(call, served);
  const { store } = call.api.operations;
  const namespace = call.info.namespace ?? '';
  const { template, user = '', groups = [] } = input['spec'] ?? {};
  const account: string | undefined = template?.spec?.serviceAccountName;
  const asked: UserInfo[] =
    served.definition.kind === 'PodSecurityPolicySelfSubjectReview'
      ? [call.user]
      : user || groups.length > 0
        ? [{ name: user, groups }]
        : [];
  const users = account ? [...asked, serviceAccountUser(namespace, account)] : asked;
  const found = constraintFor(template?.spec ?? {}, users, namespace, store);
  const constraint = found && store.get('securitycontextconstraints.security.openshift.io', undefined, found.name);
  const status = {
    ...(found && {
      allowedBy: {
        kind: 'SecurityContextConstraints',
        name: found.name,
        uid: constraint?.metadata.uid,
        apiVersion: 'security.openshift.io/v1',
        resourceVersion: constraint?.metadata.resourceVersion,
      },
    }),
    ...(found && account && { template: { metadata: { creationTimestamp: null }, spec: found.spec } }),
    ...(!found && { reason: 'CantAssignSecurityContextConstraintProvider' }),
  };
  return { code: 201, object: { ...input, status } };
}
