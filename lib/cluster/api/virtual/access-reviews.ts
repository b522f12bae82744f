// Who may do something: OpenShift's reviews the other way round. openshift-apiserver pkg/authorization/apiserver.
import type { Served } from '../../resources/registry';
import type { Answer, Call } from '../call';
import { readObject } from '../objects';

export async function reviewWho(call: Call, served: Served): Promise<Answer> {
  const input = await readObject(call, served);
  const namespace = served.definition.namespaced ? call.info.namespace : '';
  const [resource, subresource] = String(input['resource'] ?? '').split('/');
  const found = call.api.auth.whoCan({
    verb: input['verb'] ?? '',
    group: input['resourceAPIGroup'] ?? '',
    ...(resource && { resource }),
    ...(subresource && { subresource }),
    ...(input['resourceName'] && { name: input['resourceName'] }),
    ...(namespace && { namespace }),
    ...(input['isNonResourceURL'] && { path: input['path'] ?? '' }),
  });
  const object = {
    kind: 'ResourceAccessReviewResponse',
    apiVersion: 'authorization.openshift.io/v1',
    ...(namespace && { namespace }),
    ...found,
    evalutionError: '', // spelled so in the API
  };
  return { code: 201, object };
}
